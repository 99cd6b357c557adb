import type { CredentialsAnswer } from '../schemes/contracts.ts';
import { columns } from './columns.ts';
import type { Screen } from './screen.ts';

type Shown = CredentialsAnswer['credentials'][number];

const HEAD = ['NAME', 'ROLE', 'TOPICS', 'COMES IN WITH'] as const;

/** The table of `hanbus credentials ls`. */
export function credentialTable(credentials: readonly Shown[], screen: Screen): string[] {
  const head = HEAD.map((word) => screen.tint('dim', word));
  return columns([head, ...credentials.map((one) => [one.name, one.role, topicsOf(one), conditionsOf(one)])]);
}

/** What the login may do, in a phrase. */
export function topicsOf({ role, prefix, read, write }: Shown): string {
  const parts = [
    prefix === undefined ? '' : `${prefix}/...`,
    read.length === 0 ? '' : `reads ${read.join(' ')}`,
    write.length === 0 ? '' : `writes ${write.join(' ')}`,
  ].filter((part) => part !== '');
  if (role === 'device') return parts.join(', ');
  const rest = [
    read.length === 0 ? 'reads everything' : '',
    role !== 'viewer' && write.length === 0 ? 'commands everything' : '',
  ].filter((part) => part !== '');
  return [...rest, ...parts].join(', ');
}

function conditionsOf({ password, certificates, client_id: clientId, plain }: Shown): string {
  const parts = [
    password ? 'password' : '',
    certificates.length === 0 ? '' : `certificate ${certificates.map((text) => text.slice(0, 16)).join(' ')}`,
    clientId === undefined ? '' : `client id ${clientId}`,
    plain ? 'without TLS too' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export interface TryWish {
  readonly credential: Shown;
  /** Absent when its owner knows it already. */
  readonly password: string | undefined;
  /** Where the broker listens on this machine, when a node runs. */
  readonly port: string | undefined;
}

/** A line for another terminal that shows the login at work; undefined for a login without a password. */
export function tryLine({ credential, password, port }: TryWish): string | undefined {
  const { name, client_id: clientId } = credential;
  if (!credential.password) return undefined;
  const [program, topic] = isReader(credential)
    ? ['mosquitto_sub -v', readTopic(credential)]
    : ['mosquitto_pub -m hi', writeTopic(credential)];
  const id = clientId ?? 'c1';
  return [
    program,
    ...(port === undefined || port === '1883' ? [] : [`-p ${port}`]),
    ...(clientId === undefined && !topic.includes('%c') ? [] : [`-i ${quoted(id)}`]),
    `-u ${quoted(name)} -P ${password ?? '"$PASSWORD"'}`,
    `-t ${quoted(topic.replaceAll('%u', name).replaceAll('%c', id))}`,
  ].join(' ');
}

function isReader({ role, prefix, write }: Shown): boolean {
  return role === 'viewer' || (role === 'device' && prefix === undefined && write.length === 0);
}

function readTopic({ read }: Shown): string {
  return read[0] ?? 'hanbus/#';
}

function writeTopic({ prefix, write }: Shown): string {
  if (prefix !== undefined) return `${prefix}/hello`;
  return (write[0] ?? 'my/hello').replaceAll(/[+#]/g, 'hello');
}

function quoted(text: string): string {
  return /^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
