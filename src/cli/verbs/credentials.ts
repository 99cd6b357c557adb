import type { SecretCredential } from '../../broker/access/credential-book.ts';
import { HanbusError } from '../../kit/errors.ts';
import type { CredentialsAnswer } from '../../schemes/contracts.ts';
import { nearest } from '../../schemes/near.ts';
import { credentialTable, topicsOf, tryLine } from '../credential-lines.ts';
import { brokerPort, changeAt, credentialPlace, newPassword, shownCredential } from '../credential-place.ts';
import { credentialWish } from '../credential-wish.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'credentials',
  summary: 'logins of MQTT clients: who comes in and what each may do',
  group: 'run',
  arguments: [
    { name: 'action', about: 'add, ls, rm or rotate; ls when left out', words: ['add', 'ls', 'rm', 'rotate'] },
    { name: 'name', about: 'the login; also the user name of the client' },
  ],
  options: [
    { flags: '--prefix <topic>', about: 'a device whose topics begin so, and nothing else' },
    { flags: '--role <role>', about: 'viewer, operator, admin or device' },
    { flags: '--read <pattern>', about: 'topics it may read; may be given several times', many: true },
    { flags: '--write <pattern>', about: 'topics it may write; may be given several times', many: true },
    { flags: '--client-id <id>', about: 'its only client id, which nobody else may use' },
    { flags: '--certificate <name>', about: 'fingerprint or name of a client certificate', many: true },
    { flags: '--plain', about: 'from other machines without encryption too' },
    { flags: '--password-stdin', about: 'take the password from standard input' },
  ],
  examples: [
    { line: 'hanbus credentials add tasmota1 --prefix tasmota1', about: 'a device that has its own topics only' },
    { line: 'hanbus credentials add homeassistant --role operator', about: 'sees everything, commands everything' },
    { line: "hanbus credentials add tablet --role viewer --read 'hanbus/#'", about: 'looks, and cannot touch' },
    { line: 'hanbus credentials rotate tasmota1', about: 'a new password; its clients must come in again' },
    { line: 'hanbus credentials rm tasmota1', about: 'its clients are put out at once' },
  ],
  contract: 'credentials',
  async run(call) {
    const [action = 'ls', name] = call.words;
    if (action === 'ls') return await list(call);
    if (name === undefined) {
      const fix = `hanbus credentials ${action} tasmota1${action === 'add' ? ' --prefix tasmota1' : ''}`;
      throw new HanbusError('HB150', `credentials ${action} needs the name of a login`, { fix });
    }
    if (action === 'add') return await add(call, name);
    return action === 'rm' ? await remove(call, name) : await rotate(call, name);
  },
};

async function list(call: Call): Promise<number> {
  const { screen, globals } = call;
  const { file } = await credentialPlace(call);
  const { readCredentials } = await import('../../broker/access/credential-file.ts');
  const credentials = (await readCredentials(file)).map(shownCredential);
  if (globals.json) screen.json(answerOf(file, credentials));
  else if (credentials.length > 0) for (const line of credentialTable(credentials, screen)) screen.out(line);
  else screen.note('There are no logins yet. Make one: hanbus credentials add tasmota1 --prefix tasmota1');
  return 0;
}

async function add(call: Call, name: string): Promise<number> {
  const wish = credentialWish(name, call.options);
  const place = await credentialPlace(call);
  const hasPassword = wish.certificates.length === 0 || call.options.passwordStdin === true;
  const secret = hasPassword ? await newPassword(call) : undefined;
  const added: SecretCredential = { ...wish, ...(secret === undefined ? {} : { hash: secret.hash }) };
  await changeAt(place, call, (before) => {
    if (before.some((one) => one.name === name)) throw taken(name);
    const owner = before.find((one) => one.clientId !== undefined && one.clientId === wish.clientId);
    if (owner !== undefined) throw idTaken(owner);
    return [...before, added];
  });
  const text = `${name} may come in: ${wish.role}, ${topicsOf(shownCredential(added))}`;
  const port = await brokerPort(place.door);
  tell(call, { file: place.file, credential: added, password: secret?.made, port, text });
  if (!added.plain) call.screen.note('From other machines it needs TLS. A device that has none: add it with --plain.');
  return 0;
}

async function rotate(call: Call, name: string): Promise<number> {
  const place = await credentialPlace(call);
  const { hash, made } = await newPassword(call);
  const changed: SecretCredential[] = [];
  await changeAt(place, call, (before) => {
    const known = found(before, name);
    changed.push({ ...known, hash });
    return [...before.filter((one) => one !== known), ...changed];
  });
  const port = await brokerPort(place.door);
  for (const credential of changed) {
    tell(call, { file: place.file, credential, password: made, port, text: `${name} has a new password` });
  }
  return 0;
}

async function remove(call: Call, name: string): Promise<number> {
  const place = await credentialPlace(call);
  const removed: SecretCredential[] = [];
  await changeAt(place, call, (before) => {
    removed.push(found(before, name));
    return before.filter((one) => one.name !== name);
  });
  const { screen, globals } = call;
  if (globals.json) screen.json(answerOf(place.file, removed.map(shownCredential)));
  else screen.out(`${screen.tint('green', '✓')} ${name} may not come in any more`);
  return 0;
}

interface Told {
  readonly file: string;
  readonly credential: SecretCredential;
  /** One that was made here. */
  readonly password: string | undefined;
  readonly port: string | undefined;
  readonly text: string;
}

/** The only time that a password is seen. */
function tell({ screen, globals }: Call, { file, credential, password, port, text }: Told): void {
  const shown = shownCredential(credential);
  const line = tryLine({ credential: shown, password, port });
  if (globals.json) {
    const told = { ...(password === undefined ? {} : { password }), ...(line === undefined ? {} : { try: line }) };
    screen.json({ ...answerOf(file, [shown]), ...told });
    return;
  }
  screen.out(`${screen.tint('green', '✓')} ${text}`);
  if (password !== undefined) screen.out(`  password  ${screen.tint('bold', password)}   shown only now`);
  if (line !== undefined) screen.out(`  try it    ${line}`);
}

function answerOf(file: string, credentials: CredentialsAnswer['credentials']): CredentialsAnswer {
  return { hanbus: 'credentials/1', file, credentials };
}

function found(before: readonly SecretCredential[], name: string): SecretCredential {
  const known = before.find((one) => one.name === name);
  if (known !== undefined) return known;
  const names = before.map((one) => one.name);
  const near = nearest(name, names);
  const message = `there is no login "${name.slice(0, 40)}"`;
  throw near === undefined
    ? new HanbusError('HB164', message, { fix: 'hanbus credentials ls' })
    : new HanbusError('HB164', `${message}. Did you mean ${near}?`, { fix: 'hanbus credentials ls' });
}

function idTaken({ name, clientId = '' }: SecretCredential): HanbusError {
  const message = `the client id "${clientId}" belongs to the login "${name}", and to nobody else`;
  return new HanbusError('HB165', message, { fix: 'hanbus credentials ls' });
}

function taken(name: string): HanbusError {
  const fix = `hanbus credentials rotate ${name}`;
  return new HanbusError('HB165', `there is a login "${name}" already; it is not changed`, { fix });
}
