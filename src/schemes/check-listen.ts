import type { CheckContext } from './check-context.ts';
import { DEFAULT_LISTEN, type DoorText, isOpenPlain, parseDoor } from './listen-address.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { BrokerText } from './scheme.ts';
import { isRecord, shortValue } from './yaml-value.ts';

/** A port, an address or URL, a list of them, or off. `hasPlainUser`: some login may come in without TLS. */
export function checkListen(raw: unknown, hasPlainUser: boolean, { problems }: CheckContext): BrokerText['listen'] {
  const path: Path = ['broker', 'listen'];
  if (Array.isArray(raw)) {
    return raw.flatMap((item: unknown, index) => {
      const problem = itemProblem(item, { hasPlainUser, isItem: true });
      if (problem !== undefined) problems.push({ path: [...path, index], code: 'HB280', ...problem });
      return typeof item === 'string' || typeof item === 'number' ? [item] : [];
    });
  }
  const problem = raw === 'off' ? undefined : itemProblem(raw, { hasPlainUser, isItem: false });
  if (problem !== undefined) problems.push({ path, code: 'HB280', ...problem });
  return typeof raw === 'string' || typeof raw === 'number' ? raw : DEFAULT_LISTEN;
}

type Told = Pick<PathProblem, 'message' | 'severity' | 'suggestion' | 'fix'> & { readonly code?: string };

interface About {
  readonly hasPlainUser: boolean;
  /** One of a list: the fix is the item alone. */
  readonly isItem: boolean;
}

function itemProblem(raw: unknown, about: About): Told | undefined {
  if (raw === false || (about.isItem && raw === 'off')) return offProblem(raw, about);
  if (typeof raw === 'number') return rangeProblem(raw, '1883', about);
  if (typeof raw !== 'string') return noAddress(raw, about);
  if (/^\d+$/.test(raw)) return rangeProblem(Number(raw), '1883', about) ?? quotedProblem(raw, about);
  const port = PORT.exec(raw)?.[0];
  const otherPort = `"${raw.replace(PORT, String(USUAL_PORTS[raw.split('://')[0] ?? ''] ?? DEFAULT_LISTEN))}"`;
  const outOfRange = port === undefined ? undefined : rangeProblem(Number(port), otherPort, about);
  if (outOfRange !== undefined) return outOfRange;
  const door = parseDoor(raw);
  return door === undefined ? noAddress(raw, about) : openProblem(door, raw, about);
}

/** At the end of an address or URL. */
const PORT = /(?<=:)\d+(?=(?:\/mqtt|\/)?$)/;

function written(fix: string, { isItem }: About): string {
  return isItem ? fix : `listen: ${fix}`;
}

function offProblem(raw: unknown, { isItem }: About): Told {
  const message = `listen: ${shortValue(raw)} is no address`;
  return isItem
    ? { message, suggestion: 'leave it out of the list' }
    : { message, suggestion: 'write off', fix: 'listen: off' };
}

function noAddress(raw: unknown, about: About): Told {
  const isUrl = typeof raw === 'string' && raw.includes('://');
  const what = isUrl ? 'no URL of a door' : 'neither a port nor an address with a port';
  const message = `listen: ${shortValue(raw)} is ${what}`;
  if (isUrl) {
    const suggestion = 'doors are mqtt://, mqtts://, ws:// and wss://, with host and port';
    return { message, suggestion, fix: written(nearestTo(raw), about) };
  }
  const suggestion = about.isItem
    ? 'write a port, address:port, or a URL'
    : 'write a port, address:port, a URL, or off';
  return { message, suggestion, fix: written(nearestTo(raw), about) };
}

function rangeProblem(port: number, fix: string, about: About): Told | undefined {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return undefined;
  return { message: `listen: ${port} is no port`, suggestion: 'ports run from 1 to 65535', fix: written(fix, about) };
}

function quotedProblem(raw: string, about: About): Told {
  return { message: `listen: "${raw}" is text`, suggestion: 'write the port without quotes', fix: written(raw, about) };
}

/**
 * Plain MQTT for other machines is only opened for logins that ask for it. Those of `hanbus credentials` are not known
 * here, so this is a warning: the node keeps the door closed until there is such a login.
 */
function openProblem(door: DoorText, raw: string, { hasPlainUser, isItem }: About): Told | undefined {
  if (door.transport === 'unix' || hasPlainUser || !isOpenPlain(door)) return undefined;
  const host = door.host?.includes(':') === true ? `[${door.host}]` : door.host;
  const secure = door.transport === 'ws' ? `wss://${host}:${door.port}` : `mqtts://${host}:8883`;
  return {
    code: 'HB183',
    severity: 'warning',
    message: `listen: ${raw} would open plain MQTT to the network`,
    suggestion: 'use TLS; it stays closed until a login is marked plain',
    fix: isItem ? secure : `listen: [1883, "${secure}"]`,
  };
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  http: 'ws',
  https: 'wss',
  ssl: 'mqtts',
  tcp: 'mqtt',
  tls: 'mqtts',
};
const USUAL_PORTS: Readonly<Record<string, number>> = { mqtt: 1883, mqtts: 8883, ws: 9001, wss: 9001 };

/** What was meant, as far as that can be seen. */
function nearestTo(raw: unknown): string {
  const text = isRecord(raw) ? '' : String(raw);
  if (text.startsWith('/')) return `unix:${text}`;
  const [, name = '', rest = ''] = /^(?:([a-z]+):\/{2})?(.*)$/i.exec(text) ?? [];
  const [host = '', port] = rest
    .replace(/\/.*$/, '')
    .replace(/^\*/, '0.0.0.0')
    .split(/:(?=\d+$)/);
  const isHost = /^(?:[\w-]+\.)+[\w-]+$|^localhost$|^\[[\da-f:.]+\]$/i.test(host);
  const scheme = OTHER_NAMES[name.toLowerCase()] ?? name.toLowerCase();
  const usual = USUAL_PORTS[scheme];
  const address = `${isHost ? host : '127.0.0.1'}:${port ?? usual ?? DEFAULT_LISTEN}`;
  return `"${usual === undefined ? address : `${scheme}://${address}`}"`;
}
