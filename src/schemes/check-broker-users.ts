import type { CheckContext } from './check-context.ts';
import { isSecretName } from './check-engine.ts';
import {
  type CredentialProblem,
  certificateText,
  credentialProblem,
  isRole,
  ROLES,
  type UserText,
} from './credential.ts';
import { plainSecret, unknownKey, wrongSort } from './field-problems.ts';
import { listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { BrokerText } from './scheme.ts';
import { isRecord, shortValue, yamlValue } from './yaml-value.ts';

const KEYS: readonly string[] = ['certificate', 'client_id', 'password', 'plain', 'prefix', 'read', 'role', 'write'];
const LOCAL_WORDS: readonly string[] = ['open', 'closed'];

type Raw = Readonly<Record<string, unknown>>;

/** Who may come in: `broker.users` and `broker.local`. */
export function checkAccess({ users, local }: Raw, context: CheckContext): Pick<BrokerText, 'local' | 'users'> {
  return {
    ...(local === undefined ? {} : { local: checkLocal(local, context) }),
    ...(users === undefined ? {} : { users: checkUsers(users, context) }),
  };
}

/** Logins by name. Those with a mistake are left out. */
function checkUsers(raw: unknown, context: CheckContext): readonly UserText[] {
  const path: Path = ['broker', 'users'];
  if (!isRecord(raw)) {
    context.problems.push(wrongSort('a map (user: password and prefix)', raw, path));
    return [];
  }
  const users = Object.entries(raw).flatMap(([name, user]) => checkUser(name, user, context) ?? []);
  const sharing = users.find((user) => firstWith(users, user.clientId) !== user && user.clientId !== undefined);
  if (sharing !== undefined) context.problems.push(idTwice(sharing, firstWith(users, sharing.clientId), path));
  return users;
}

function firstWith(users: readonly UserText[], clientId: string | undefined): UserText | undefined {
  return users.find((user) => user.clientId === clientId);
}

function idTwice({ name, clientId }: UserText, owner: UserText | undefined, path: Path): PathProblem {
  const message = `the client id ${shortValue(clientId)} belongs to ${owner?.name}, and to nobody else`;
  const suggestion = 'a login that is bound to an id keeps all others from it; give each its own';
  return { path: [...path, name, 'client_id'], code: 'HB206', message, suggestion };
}

/** Whether programs of this machine come in without a login. */
function checkLocal(raw: unknown, { problems }: CheckContext): 'closed' | 'open' {
  if (raw === 'open' || raw === 'closed') return raw;
  const meant =
    raw === false || raw === 'off'
      ? 'closed'
      : ((typeof raw === 'string' ? nearest(raw, LOCAL_WORDS) : undefined) ?? 'open');
  problems.push({
    path: ['broker', 'local'],
    code: 'HB206',
    message: `local: ${shortValue(raw)} is not possible`,
    suggestion: 'open lets programs of this machine in without a login, closed asks them for one',
    fix: `local: ${meant}`,
  });
  return 'closed';
}

function checkUser(name: string, raw: unknown, context: CheckContext): UserText | undefined {
  const path: Path = ['broker', 'users', name];
  const { problems } = context;
  if (!isRecord(raw)) {
    problems.push(notAMap(name, raw, path));
    return undefined;
  }
  const before = problems.length;
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) problems.push(unknownKey(key, KEYS, [...path, key], raw[key]));
  }
  const user = readUser(name, raw, { path, problems });
  if (problems.length > before) return undefined;
  const wrong = credentialProblem(user);
  if (wrong === undefined) return user;
  problems.push(placed(wrong, raw, path));
  return undefined;
}

/** A text there is most likely the password: its line is not shown. */
function notAMap(name: string, raw: unknown, path: Path): PathProblem {
  const fix = `${name}: {password: $${secretOf(name)}, prefix: ${yamlValue(name)}}`;
  if (typeof raw !== 'string' && typeof raw !== 'number') return wrongSort('a map', raw, path, fix);
  const message = `${shortValue(name)} needs a map, and no password may stand in the scheme`;
  const suggestion = `put ${secretOf(name)}=... into the secrets file and write its name here`;
  return { path, code: 'HB270', message, suggestion, fix };
}

interface Where {
  readonly path: Path;
  readonly problems: PathProblem[];
}

function readUser(name: string, raw: Raw, where: Where): UserText {
  const { prefix, client_id: clientId, plain = false } = raw;
  const secret = passwordOf(name, raw, where);
  if (typeof plain !== 'boolean')
    where.problems.push(wrongSort('true or false', plain, [...where.path, 'plain'], 'plain: true'));
  return {
    ...{ name, role: roleOf(raw, where), plain: plain === true },
    ...(prefix === undefined ? {} : { prefix: textOf('prefix', prefix, where) }),
    ...(clientId === undefined ? {} : { clientId: textOf('client_id', clientId, where) }),
    read: listOf('read', raw.read, where),
    write: listOf('write', raw.write, where),
    certificates: listOf('certificate', raw.certificate, where).map(certificateText),
    ...(secret === undefined ? {} : { password: secret }),
  };
}

/** A prefix makes a device; whoever has none and says nothing may look only. */
function roleOf({ role, prefix }: Raw, { path, problems }: Where): UserText['role'] {
  if (role === undefined) return prefix === undefined ? 'viewer' : 'device';
  if (isRole(role)) return role;
  const near = typeof role === 'string' ? nearest(role, ROLES) : undefined;
  const fix = near === undefined ? {} : { fix: `role: ${near}` };
  const message = `${shortValue(role)} is no role`;
  problems.push({ path: [...path, 'role'], code: 'HB206', message, suggestion: `possible: ${listed(ROLES)}`, ...fix });
  return 'viewer';
}

function passwordOf(name: string, { password, certificate }: Raw, { path, problems }: Where): string | undefined {
  if (isSecretName(password)) return password;
  if (password !== undefined) {
    problems.push(plainSecret([...path, 'password']));
  } else if (certificate === undefined) {
    const fix = `password: $${secretOf(name)}`;
    const suggestion = `it needs the name of a secret, or a certificate`;
    const message = `"password" is missing in ${path.join('.')}`;
    problems.push({ path: [...path, 'password'], onKey: true, code: 'HB207', message, suggestion, fix });
  }
  return undefined;
}

function textOf(key: string, value: unknown, { path, problems }: Where): string {
  if (typeof value === 'string') return value;
  problems.push(wrongSort('text', value, [...path, key], `${key}: "${shortValue(value)}"`));
  return '';
}

/** A list, or the only word of one. */
function listOf(key: string, value: unknown, { path, problems }: Where): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const texts = list.filter((item) => typeof item === 'string');
  if (texts.length !== list.length) problems.push(wrongSort('a list of texts', value, [...path, key]));
  return texts;
}

function placed({ key, message, suggestion }: CredentialProblem, raw: Raw, path: Path): PathProblem {
  const isThere = Object.hasOwn(raw, key);
  return { path: isThere ? [...path, key] : path, onKey: !isThere, code: 'HB206', message, suggestion };
}

function secretOf(name: string): string {
  return `${name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^[^A-Z]+/, '')}_PASSWORD`.replace(/^_/, '');
}
