import { isFilterShape } from './topic-filter.ts';

/** What a client may do in general. Architecture page, section 10. */
export const ROLES = ['admin', 'device', 'operator', 'viewer'] as const;

export type Role = (typeof ROLES)[number];

/** One login of an MQTT client, without its secret. In the credentials file and in `broker.users` of a scheme. */
export interface Credential {
  /** Also the user name that the client sends. */
  readonly name: string;
  readonly role: Role;
  /** Of a device: its own topics are below this one. */
  readonly prefix?: string;
  /** The only client id it may use; nobody else may use that id. */
  readonly clientId?: string;
  /** Topic filters with `%c` (client id) and `%u` (name). Empty: what the role gives; of a device: beside its prefix. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** May come in without encryption from another machine. */
  readonly plain: boolean;
  /** SHA-256 fingerprints (64 hex digits, lower case) or common names of client certificates that stand for it. */
  readonly certificates: readonly string[];
}

/** One of `broker.users` in a scheme. */
export interface UserText extends Credential {
  /** `$NAME`, resolved by the node. Absent when certificates alone stand for it. */
  readonly password?: string;
}

/** Why a credential cannot be as it is written. */
export interface CredentialProblem {
  readonly key: 'certificate' | 'client_id' | 'name' | 'prefix' | 'read' | 'role' | 'write';
  readonly message: string;
  readonly suggestion: string;
}

/** The name of whoever comes in on this machine without a login. */
export const LOCAL_NAME = 'local';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/;
/** Levels where all devices of a kind meet; a prefix there would be no fence. */
const SHARED_LEVELS: readonly string[] = ['hanbus', 'cmnd', 'stat', 'tele'];
const MOST_PATTERNS = 50;
const LONGEST_PATTERN = 256;
const MOST_LEVELS = 30;
const MOST_CERTIFICATES = 20;

/** The first thing that is wrong with a credential, or undefined. */
export function credentialProblem(credential: Credential): CredentialProblem | undefined {
  const { name, prefix, clientId, certificates } = credential;
  return (
    nameProblem(name) ??
    (prefix === undefined ? undefined : prefixProblem(prefix)) ??
    (clientId === undefined ? undefined : clientIdProblem(clientId)) ??
    roleProblem(credential) ??
    patternProblem('read', credential.read) ??
    patternProblem('write', credential.write) ??
    certificateProblem(certificates)
  );
}

export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

/** A fingerprint as OpenSSL prints it (`AB:CD:...`) in its one spelling; a common name stays as it is. */
export function certificateText(text: string): string {
  const hex = text.replaceAll(':', '').toLowerCase();
  return /^[\da-f]{64}$/.test(hex) ? hex : text;
}

function nameProblem(name: string): CredentialProblem | undefined {
  if (name === LOCAL_NAME) {
    const message = `"${LOCAL_NAME}" is whoever comes in on this machine without a login`;
    return { key: 'name', message, suggestion: 'take another name' };
  }
  if (NAME.test(name)) return undefined;
  const suggestion = 'letters, digits and _ . @ - are possible, 64 characters at most; the first is a letter or digit';
  return { key: 'name', message: `"${shown(name)}" cannot be the name of a login`, suggestion };
}

function prefixProblem(prefix: string): CredentialProblem | undefined {
  const message = `the prefix "${shown(prefix)}" is not possible`;
  const [first = ''] = prefix.split('/');
  if (/[+#%]/.test(prefix) || prefix.split('/').includes('') || !isPlainText(prefix)) {
    return { key: 'prefix', message, suggestion: 'write the beginning of its topics, such as tasmota1 or house/plug1' };
  }
  if (!SHARED_LEVELS.includes(first) && !first.startsWith('$')) return undefined;
  const suggestion = `${first}/... is shared by all; take the name of the device, or list topics with read and write`;
  return { key: 'prefix', message, suggestion };
}

function clientIdProblem(clientId: string): CredentialProblem | undefined {
  if (isSafeId(clientId)) return undefined;
  const suggestion = 'an id must not be empty or have + # / or control characters in it';
  return { key: 'client_id', message: `the client id "${shown(clientId)}" is not possible`, suggestion };
}

function roleProblem({ role, prefix, read, write }: Credential): CredentialProblem | undefined {
  if (role === 'device' && prefix === undefined && read.length + write.length === 0) {
    return { key: 'prefix', message: 'a device needs a prefix', suggestion: 'its topics begin with it: tasmota1' };
  }
  if (role !== 'device' && prefix !== undefined) {
    const message = `a prefix belongs to the role device, not ${role}`;
    return { key: 'role', message, suggestion: 'leave the role out, or list topics with read and write' };
  }
  if (role !== 'viewer' || write.length === 0) return undefined;
  return { key: 'role', message: 'a viewer writes nothing', suggestion: 'the role operator with `write` writes these' };
}

function patternProblem(key: 'read' | 'write', patterns: readonly string[]): CredentialProblem | undefined {
  if (patterns.length > MOST_PATTERNS) {
    return { key, message: `${patterns.length} patterns are too many`, suggestion: `${MOST_PATTERNS} are possible` };
  }
  const bad = patterns.find((pattern) => !isTopicFilter(pattern));
  if (bad !== undefined) {
    const suggestion = 'write a topic filter such as garden/# or home/+/temperature; %c is the client id, %u the user';
    return { key, message: `"${shown(bad)}" is no topic filter`, suggestion };
  }
  const reserved = key === 'write' ? patterns.find((pattern) => pattern.startsWith('$')) : undefined;
  if (reserved === undefined) return undefined;
  const suggestion = 'topics that start with $ belong to the broker; clients can only read them';
  return { key, message: `"${shown(reserved)}" cannot be written`, suggestion };
}

function certificateProblem(certificates: readonly string[]): CredentialProblem | undefined {
  const key = 'certificate';
  if (certificates.length > MOST_CERTIFICATES) {
    return { key, message: 'too many certificates', suggestion: `${MOST_CERTIFICATES} are possible` };
  }
  const bad = certificates.find((text) => text === '' || !isPlainText(text));
  if (bad === undefined) return undefined;
  const suggestion = 'write its SHA-256 fingerprint or its common name';
  return { key, message: `"${shown(bad)}" is no certificate`, suggestion };
}

/** A filter of a scheme or a login, of a sensible length. No shared filter. */
export function isTopicFilter(pattern: string): boolean {
  if (pattern === '' || pattern.length > LONGEST_PATTERN || !isPlainText(pattern)) return false;
  if (pattern.startsWith('$share/') || /%(?![cu])/.test(pattern)) return false;
  return pattern.split('/').length <= MOST_LEVELS && isFilterShape(pattern);
}

/** Whether an id may stand for `%c` in a pattern: it fills a part of one level and nothing else. */
export function isSafeId(id: string): boolean {
  return id !== '' && id.length <= LONGEST_PATTERN && !/[+#/]/.test(id) && !id.startsWith('$') && isPlainText(id);
}

function isPlainText(text: string): boolean {
  return text.length <= LONGEST_PATTERN && !/\p{Cc}/u.test(text);
}

function shown(text: string): string {
  return text.slice(0, 40).replaceAll(/[\p{Cc}"]/gu, '?');
}
