import type { CheckContext } from './check-context.ts';
import { plainSecret, unknownKey, wrongSort } from './field-problems.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { EngineText } from './scheme.ts';
import { isRecord, shortValue } from './yaml-value.ts';

const KEYS: readonly string[] = ['password', 'url', 'user'];

/** `engine: mqtt://host:1883`, or a map with url, user and password. */
export function checkEngine(raw: unknown, context: CheckContext): EngineText | undefined {
  const path: Path = ['broker', 'engine'];
  if (typeof raw === 'string') return checkUrl(raw, path, 'engine', context) ? { url: raw } : undefined;
  if (!isRecord(raw)) {
    context.problems.push(wrongSort('an address or a map', raw, path, `engine: ${addressFrom(onlyText(raw))}`));
    return undefined;
  }
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) context.problems.push(unknownKey(key, KEYS, [...path, key], raw[key]));
  }
  const login = checkLogin(raw, path, context);
  if (!Object.hasOwn(raw, 'url')) {
    const advice = { suggestion: 'it needs the address of the broker', fix: 'url: mqtt://127.0.0.1:1883' };
    const message = '"url" is missing in broker.engine';
    context.problems.push({ path, onKey: true, code: 'HB207', message, ...advice });
    return undefined;
  }
  return checkUrl(raw.url, [...path, 'url'], 'url', context) ? { url: raw.url, ...login } : undefined;
}

function checkLogin({ user, password }: Readonly<Record<string, unknown>>, path: Path, { problems }: CheckContext) {
  if (user !== undefined && typeof user !== 'string') {
    problems.push(wrongSort('text', user, [...path, 'user'], `user: "${shortValue(user)}"`));
  }
  if (password !== undefined && !isSecretName(password)) problems.push(plainSecret([...path, 'password']));
  return {
    ...(typeof user === 'string' ? { user } : {}),
    ...(isSecretName(password) ? { password } : {}),
  };
}

function checkUrl(raw: unknown, path: Path, key: string, { problems }: CheckContext): raw is string {
  const text = typeof raw === 'string' ? raw.trim() : '';
  if (/^mqtts?:\/\/(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?\/?$/i.test(text)) return true;
  problems.push({ path, ...urlProblem(raw, text, key) });
  return false;
}

function urlProblem(raw: unknown, text: string, key: string): Told {
  const login = /^([a-z]+:\/\/)([^:@/]+):[^@/]*@(.+)$/i.exec(text);
  if (login !== null) {
    const [, scheme, user, host] = login;
    const fix = `engine: {url: "${addressFrom(`${scheme}${host}`)}", user: ${user}, password: $ENGINE_PASSWORD}`;
    const suggestion = 'put ENGINE_PASSWORD=... into the secrets file';
    return { code: 'HB270', message: 'a password stands in the address', suggestion, fix };
  }
  const message = `${shortValue(raw)} is not the address of an MQTT broker`;
  const suggestion = 'write mqtt://host:port, or mqtts:// with TLS';
  return { code: 'HB281', message, suggestion, fix: `${key}: ${addressFrom(text)}` };
}

function onlyText(raw: unknown): string {
  return Array.isArray(raw) && typeof raw[0] === 'string' ? raw[0] : '';
}

/** The nearest address of a broker to what was written. */
function addressFrom(text: string): string {
  const rest = text.replace(/^[a-z]*:\/+/i, '').replace(/\/.*$/, '');
  const host = /^[\w.-]+(?::\d+)?$/.test(rest) ? rest : '127.0.0.1';
  const scheme = /^(?:ssl|tls|https|wss|mqtts):/i.test(text) ? 'mqtts' : 'mqtt';
  const port = host.includes(':') ? '' : `:${scheme === 'mqtts' ? 8883 : 1883}`;
  return `${scheme}://${host}${port}`;
}

type Told = Omit<PathProblem, 'path'>;

/** `$NAME`. */
export function isSecretName(raw: unknown): raw is string {
  return typeof raw === 'string' && /^\$[A-Z][A-Z0-9_]*$/.test(raw);
}
