import type { CheckContext } from './check-context.ts';
import { unknownKey, wrongSort, wrongValue } from './field-problems.ts';
import { nearest } from './near.ts';
import type { Path } from './path-problem.ts';
import type { TlsText } from './scheme.ts';
import { isRecord, shortValue } from './yaml-value.ts';

const KEYS: readonly string[] = ['ca', 'cert', 'client', 'key'];
const CLIENT_WORDS = ['ask', 'off', 'require'] as const;
const PATH: Path = ['broker', 'tls'];

/** `tls: auto` (the node makes its own certificate), or a map with files and what is asked of clients. */
export function checkTls(raw: unknown, context: CheckContext): TlsText | undefined {
  if (raw === 'auto') return { client: 'off' };
  if (!isRecord(raw)) {
    context.problems.push(wrongSort('auto, or a map (cert and key)', raw, PATH, 'tls: auto'));
    return undefined;
  }
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) context.problems.push(unknownKey(key, KEYS, [...PATH, key], raw[key]));
  }
  const client = clientOf(raw.client, context);
  checkPairs(raw, client, context);
  return {
    client,
    ...fileOf('cert', raw.cert, context),
    ...fileOf('key', raw.key, context),
    ...fileOf('ca', raw.ca, context),
  };
}

function checkPairs({ cert, key, ca }: Readonly<Record<string, unknown>>, client: string, context: CheckContext): void {
  if (cert !== undefined && key === undefined) missing('key', 'with `cert`', context);
  if (key !== undefined && cert === undefined) missing('cert', 'with `key`', context);
  if (client !== 'off' && ca === undefined) missing('ca', 'to know the certificates of clients', context);
}

/** Pages of other hosts that may connect by WebSocket. */
export function checkOrigins(raw: unknown, { problems }: CheckContext): readonly string[] {
  const path: Path = ['broker', 'origins'];
  if (!Array.isArray(raw)) {
    const fix = typeof raw === 'string' ? `origins: ["${originFrom(raw) ?? 'https://panel.example.org'}"]` : undefined;
    problems.push(wrongSort('a list (of https://host)', raw, path, fix));
    return [];
  }
  return raw.flatMap((item: unknown, index) => {
    const origin = typeof item === 'string' ? originFrom(item) : undefined;
    if (origin !== undefined && origin === String(item).toLowerCase()) return [origin];
    const advice = 'write what the browser calls the page: https://host, with the port if it has one';
    problems.push(wrongValue(`${shortValue(item)} is no origin`, advice, [...path, index], origin));
    return [];
  });
}

function originFrom(text: string): string | undefined {
  const url = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { origin, hostname } = new URL(url);
  return /^[\w.-]+$|^\[/.test(hostname) ? origin : undefined;
}

function fileOf(name: string, raw: unknown, { problems }: CheckContext): Readonly<Record<string, string>> {
  if (raw === undefined) return {};
  if (typeof raw === 'string' && raw.startsWith('/')) return { [name]: raw };
  const fix = `${name}: /etc/hanbus/${typeof raw === 'string' && /^[\w.-]+$/.test(raw) ? raw : `${name}.pem`}`;
  problems.push(
    wrongValue(`${name}: ${shortValue(raw)} is no path`, 'write the whole path, from /', [...PATH, name], fix),
  );
  return {};
}

function clientOf(raw: unknown, { problems }: CheckContext): TlsText['client'] {
  const known = CLIENT_WORDS.find((word) => word === raw);
  if (raw === undefined || known !== undefined) return known ?? 'off';
  const near = typeof raw === 'string' ? nearest(raw, CLIENT_WORDS) : undefined;
  const meant = raw === false ? 'off' : raw === true ? 'require' : near;
  const advice = 'ask takes a certificate if the client has one, require lets nobody in without, off asks for none';
  const fix = meant === undefined ? undefined : `client: ${meant}`;
  problems.push(wrongValue(`client: ${shortValue(raw)} is not possible`, advice, [...PATH, 'client'], fix));
  return 'off';
}

function missing(key: string, why: string, { problems }: CheckContext): void {
  problems.push({
    path: [...PATH, key],
    onKey: true,
    code: 'HB207',
    message: `"${key}" is missing in broker.tls`,
    suggestion: `it is needed ${why}`,
    fix: `${key}: /etc/hanbus/${key}.pem`,
  });
}
