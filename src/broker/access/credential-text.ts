import { HanbusError } from '../../kit/errors.ts';
import { type Credential, credentialProblem, isRole } from '../../schemes/credential.ts';
import type { SecretCredential } from './credential-book.ts';
import { isPasswordHash } from './password-hash.ts';

const VERSION = 1;
const KEYS: readonly string[] = [
  'name',
  'role',
  'prefix',
  'client_id',
  'read',
  'write',
  'plain',
  'certificates',
  'password',
];

type Stored = Readonly<Record<string, unknown>>;

/** The text of the credentials file: JSON, one credential a line, sorted by name. Passwords as scrypt hashes only. */
export function encodeCredentials(credentials: readonly SecretCredential[]): string {
  const lines = credentials
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((credential) => `    ${JSON.stringify(stored(credential))}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "version": ${VERSION},\n  "credentials": ${list}\n}\n`;
}

/** Throws HB167, which names the credential but repeats nothing of the text. */
export function decodeCredentials(text: string, path: string): readonly SecretCredential[] {
  const root = parsed(text, path);
  if (!isRecord(root) || root.version !== VERSION || !Array.isArray(root.credentials)) {
    throw broken(path, `it is no list of credentials of version ${VERSION}`);
  }
  const credentials = root.credentials.map((raw, index) => decoded(raw, `${path}: credential ${index + 1}`));
  const names = credentials.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw broken(path, `"${twice}" is there twice`);
  return credentials;
}

function stored({ hash, clientId, read, write, certificates, ...rest }: SecretCredential): Stored {
  const { name, role, prefix, plain } = rest;
  return {
    ...{ name, role },
    ...(prefix === undefined ? {} : { prefix }),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    ...(read.length === 0 ? {} : { read }),
    ...(write.length === 0 ? {} : { write }),
    ...(plain ? { plain } : {}),
    ...(certificates.length === 0 ? {} : { certificates }),
    ...(hash === undefined ? {} : { password: hash }),
  };
}

function decoded(raw: unknown, where: string): SecretCredential {
  if (!isRecord(raw)) throw broken(where, 'it is no object');
  const strange = Object.keys(raw).find((key) => !KEYS.includes(key));
  if (strange !== undefined) throw broken(where, `the key ${JSON.stringify(strange.slice(0, 40))} is not known`);
  const { name, role, plain = false, password } = raw;
  if (typeof name !== 'string') throw broken(where, '"name" is missing');
  if (!isRole(role)) throw broken(where, '"role" is no role');
  if (typeof plain !== 'boolean') throw broken(where, '"plain" is neither true nor false');
  const credential: Credential = { name, role, plain, ...texts(raw, where), ...lists(raw, where) };
  const problem = credentialProblem(credential);
  if (problem !== undefined) throw broken(where, problem.message);
  if (password === undefined) return credential;
  if (typeof password === 'string' && isPasswordHash(password)) return { ...credential, hash: password };
  throw broken(where, '"password" is no scrypt hash; hanbus credentials rotate makes one');
}

function texts({ prefix, client_id: clientId }: Stored, where: string): Pick<Credential, 'clientId' | 'prefix'> {
  return {
    ...(prefix === undefined ? {} : { prefix: textOf(prefix, 'prefix', where) }),
    ...(clientId === undefined ? {} : { clientId: textOf(clientId, 'client_id', where) }),
  };
}

function lists({ read = [], write = [], certificates = [] }: Stored, where: string) {
  return {
    read: listOf(read, 'read', where),
    write: listOf(write, 'write', where),
    certificates: listOf(certificates, 'certificates', where),
  };
}

function textOf(value: unknown, key: string, where: string): string {
  if (typeof value === 'string') return value;
  throw broken(where, `"${key}" is no text`);
}

function listOf(value: unknown, key: string, where: string): readonly string[] {
  if (!Array.isArray(value)) throw broken(where, `"${key}" is no list`);
  return value.map((item) => textOf(item, key, where));
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(path, 'it is not JSON', error);
  }
}

function broken(where: string, why: string, cause?: unknown): HanbusError {
  return new HanbusError('HB167', `${where}: ${why}`, { fix: 'hanbus explain HB167', cause });
}

function isRecord(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
