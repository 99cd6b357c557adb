import { checkAccess } from './check-broker-users.ts';
import type { CheckContext } from './check-context.ts';
import { checkEngine } from './check-engine.ts';
import { unknownKey, wrongSort } from './field-problems.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { BrokerText } from './scheme.ts';
import { isRecord, shortValue } from './yaml-value.ts';

const KEYS: readonly string[] = ['engine', 'listen', 'local', 'tls', 'users'];
export const DEFAULT_LISTEN = 1883;

/** `broker:` with the listening address of the own broker and the engine used beside or instead of it. */
export function checkBroker(raw: unknown, context: CheckContext): BrokerText {
  const path: Path = ['broker'];
  if (raw === undefined) return { listen: DEFAULT_LISTEN };
  if (!isRecord(raw)) {
    context.problems.push(wrongSort('a map', raw, path, brokerFix(raw)));
    return { listen: DEFAULT_LISTEN };
  }
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) context.problems.push(unknownKey(key, KEYS, [...path, key], raw[key]));
    if (key === 'tls') context.problems.push(notYet(key));
  }
  const access = checkAccess(raw, context);
  const listen = raw.listen === undefined ? DEFAULT_LISTEN : checkListen(raw.listen, context);
  const engine = raw.engine === undefined ? undefined : checkEngine(raw.engine, context);
  return { listen, ...(engine === undefined ? {} : { engine }), ...access };
}

function notYet(key: string): PathProblem {
  return {
    path: ['broker', key],
    onKey: true,
    code: 'HB290',
    severity: 'note',
    message: `this version of hanbus does not run \`broker.${key}\` yet; it is kept and ignored`,
  };
}

function brokerFix(raw: unknown): string | undefined {
  if (typeof raw === 'number' || raw === 'off') return `broker: {listen: ${raw}}`;
  return typeof raw === 'string' && raw.includes('://') ? `broker: {engine: ${raw}}` : undefined;
}

/** A port, `address:port`, or off. YAML 1.2 reads `off` as text. */
function checkListen(raw: unknown, { problems }: CheckContext): string | number {
  const problem = listenProblem(raw);
  if (problem !== undefined) problems.push({ path: ['broker', 'listen'], code: 'HB280', ...problem });
  return typeof raw === 'string' || typeof raw === 'number' ? raw : DEFAULT_LISTEN;
}

type Told = Pick<PathProblem, 'message' | 'suggestion' | 'fix'> & { readonly code?: string };

function listenProblem(raw: unknown): Told | undefined {
  if (raw === 'off') return undefined;
  if (raw === false) return { message: 'listen: false is no address', suggestion: 'write off', fix: 'listen: off' };
  const text = String(raw);
  if (typeof raw === 'number' || /^\d+$/.test(text)) return portProblem(Number(text), typeof raw === 'string');
  const url = /^(?:mqtt|tcp):\/\/([^/]+)\/?$/.exec(text)?.[1];
  if (url !== undefined) {
    return { message: `listen: ${text} is a URL`, suggestion: 'write the address without it', fix: `listen: "${url}"` };
  }
  const port = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d+)$/i.exec(text)?.[1];
  if (port !== undefined) return portProblem(Number(port), false) ?? openProblem(text, Number(port));
  const lone = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text : '127.0.0.1';
  const message = `listen: ${shortValue(raw)} is neither a port nor an address with a port`;
  return { message, suggestion: 'write a port, address:port, or off', fix: `listen: "${lone}:1883"` };
}

/** Without TLS and users the own broker serves this machine only. */
function openProblem(text: string, port: number): (Told & { code: string }) | undefined {
  if (/^(?:127\.|localhost:|\[::1\])/.test(text)) return undefined;
  const message = `listen: ${text} would open plain MQTT to the network`;
  const suggestion = 'only this machine can be served without TLS; others need an engine';
  return { code: 'HB183', message, suggestion, fix: `listen: ${port}` };
}

function portProblem(port: number, isText: boolean): Told | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return { message: `listen: ${port} is no port`, suggestion: 'ports run from 1 to 65535', fix: 'listen: 1883' };
  }
  if (!isText) return undefined;
  return { message: `listen: "${port}" is text`, suggestion: 'write the port without quotes', fix: `listen: ${port}` };
}
