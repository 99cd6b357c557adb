import type { SecretCredential } from '../broker/access/credential-book.ts';
import { HanbusError } from '../kit/errors.ts';
import type { CredentialsAnswer, InfoAnswer } from '../schemes/contracts.ts';
import { askStatus } from './ask.ts';
import { type Door, expectAnswer, openOrNone } from './door.ts';
import { serviceUnit } from './service-unit.ts';
import type { Call } from './verb.ts';

/** Where the credentials are, and the node that watches them, if one runs. */
export interface CredentialPlace {
  readonly file: string;
  readonly door: Door | undefined;
}

/** In the data directory of the running node; without one, where a node started now would look. */
export async function credentialPlace(call: Call): Promise<CredentialPlace> {
  const { credentialsIn } = await import('../broker/access/credential-file.ts');
  // Not of `hanbus demo`: it keeps nothing.
  const door = await openOrNone({ door: () => call.door(call.paths.sockets) });
  if (door === undefined) return { file: credentialsIn(await dataFolder(call)), door };
  const { paths } = expectAnswer<InfoAnswer>(await door.ask('info', {}), 'info/1');
  return { file: credentialsIn(paths.data), door };
}

const SERVICE_DATA = '/var/lib/hanbus';

/** `sudo hanbus credentials` is meant for the installed service, not for a node of root. */
async function dataFolder({ world, paths }: Call): Promise<string> {
  const isSaid = (world.env.HANBUS_DATA ?? '') !== '';
  if (isSaid || world.uid !== 0 || (await serviceUnit(world.files)) === undefined) return paths.data;
  return SERVICE_DATA;
}

/** Port of the broker of the node on this machine, if it listens. */
export async function brokerPort(door: Door | undefined): Promise<string | undefined> {
  if (door === undefined) return undefined;
  const listeners = (await askStatus(door)).nodes.find(({ self }) => self)?.listeners ?? [];
  const ports = listeners.map(({ open, url }) => (open ? /^mqtt:\/\/[^/]*:(\d+)/.exec(url)?.[1] : undefined));
  return ports.find((port) => port !== undefined);
}

export type Change = (before: readonly SecretCredential[]) => readonly SecretCredential[];

export async function changeAt({ file }: CredentialPlace, { world }: Call, change: Change): Promise<void> {
  const { changeCredentials } = await import('../broker/access/credential-file.ts');
  await changeCredentials(file, world.clock, change);
}

export interface NewPassword {
  readonly hash: string;
  /** Only when it was made here: the other one its owner knows. */
  readonly made?: string;
}

const SHORTEST = 8;

/** A strong password, or with `--password-stdin` the first line of standard input. */
export async function newPassword({ options, world, screen }: Call): Promise<NewPassword> {
  const { hashPassword, makePassword } = await import('../broker/access/password-hash.ts');
  if (options.passwordStdin !== true) {
    const made = makePassword();
    return { hash: await hashPassword(Buffer.from(made)), made };
  }
  if (world.stdinIsTTY) screen.note('Type the password and press Enter; it is seen on the screen.');
  const given = (await world.readStdin()).split(/\r?\n/)[0] ?? '';
  if (given.length < SHORTEST) {
    const fix = 'leave --password-stdin out, and hanbus makes one';
    throw new HanbusError('HB150', `a password needs ${SHORTEST} characters at least`, { fix });
  }
  return { hash: await hashPassword(Buffer.from(given)) };
}

export type ShownCredential = CredentialsAnswer['credentials'][number];

/** A credential as it may be shown: whether it has a password, not which. */
export function shownCredential({ hash, clientId, ...rest }: SecretCredential): ShownCredential {
  const { name, role, prefix, read, write, plain, certificates } = rest;
  return {
    ...{ name, role },
    ...(prefix === undefined ? {} : { prefix }),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    ...{ read: [...read], write: [...write], plain, certificates: [...certificates], password: hash !== undefined },
  };
}
