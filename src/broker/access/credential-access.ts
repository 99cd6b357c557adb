import { stat } from 'node:fs/promises';
import type { Cancel, Clock } from '../../kit/clock.ts';
import { HanbusError, reasonOf, systemCode } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { UserText } from '../../schemes/credential.ts';
import type { Problem } from '../../schemes/problem.ts';
import type { BrokerText } from '../../schemes/scheme.ts';
import type { SecretCredential } from './credential-book.ts';
import { clashes, credentialsIn, readCredentials } from './credential-file.ts';
import { type AccessWorld, makeAccess, type RuledAccess } from './make-access.ts';
import { watchFile } from './watch-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface CredentialAccessWorld extends AccessWorld {
  readonly clock: Clock;
  readonly log: Log;
  /** The data directory; the file in it need not exist. */
  readonly folder: string;
}

/** Access by the credentials file and by `broker.users`, both as they are now. */
export interface CredentialAccess extends Omit<RuledAccess, 'setRules'> {
  /** Takes the users of a scheme and whether this machine is open; secrets from the environment. */
  apply(broker: BrokerText, environment: Environment): void;
  /** What is wrong with the file, and names that are in both. */
  problems(): readonly Problem[];
  stop(): void;
}

/** Reads the credentials file and watches it. A damaged file is told; the logins known before it stay. Never throws. */
export async function openCredentialAccess(world: CredentialAccessWorld): Promise<CredentialAccess> {
  const files = new WatchedCredentials(world);
  await files.start();
  return files;
}

class WatchedCredentials implements CredentialAccess {
  readonly #world: CredentialAccessWorld;
  readonly #path: string;
  readonly #access: RuledAccess;
  #ofFile: readonly SecretCredential[] = [];
  #ofScheme: readonly SecretCredential[] = [];
  #isLocalOpen = true;
  #problems: readonly Problem[] = [];
  #stopWatching: Cancel = () => undefined;

  constructor(world: CredentialAccessWorld) {
    this.#world = world;
    this.#path = credentialsIn(world.folder);
    this.#access = makeAccess(world);
  }

  get counts(): RuledAccess['counts'] {
    return this.#access.counts;
  }

  get hasPlain(): boolean {
    return this.#access.hasPlain;
  }

  admit: RuledAccess['admit'] = (login) => this.#access.admit(login);

  isShutOut: RuledAccess['isShutOut'] = (name, clientId) => this.#access.isShutOut(name, clientId);

  onChange: RuledAccess['onChange'] = (listener) => this.#access.onChange(listener);

  apply({ users = [], local = 'open' }: BrokerText, environment: Environment): void {
    this.#ofScheme = users.map((user) => withSecret(user, environment));
    this.#isLocalOpen = local === 'open';
    this.#setRules();
  }

  problems(): readonly Problem[] {
    return [...this.#problems, ...clashes(this.#ofFile, this.#ofScheme)];
  }

  stop(): void {
    this.#stopWatching();
  }

  async start(): Promise<void> {
    const { clock, log } = this.#world;
    this.#stopWatching = await watchFile(this.#path, clock, () => {
      void this.#read().then(() => log.info('the credentials were read again', { credentials: this.#ofFile.length }));
    });
    await this.#read();
  }

  async #read(): Promise<void> {
    try {
      this.#ofFile = await readCredentials(this.#path);
      this.#problems = await openToOthers(this.#path);
    } catch (error) {
      this.#problems = [problemOf(error)];
    }
    for (const { code, message, fix } of this.#problems) this.#world.log.warn(message, { code, fix });
    this.#setRules();
  }

  #setRules(): void {
    this.#access.setRules({ credentials: [...this.#ofFile, ...this.#ofScheme], isLocalOpen: this.#isLocalOpen });
  }
}

/** A secret that is not set is no password: nobody comes in with it. */
function withSecret({ password, ...credential }: UserText, environment: Environment): SecretCredential {
  const secret = password === undefined ? undefined : environment[password.replace(/^\$/, '')];
  return secret === undefined || secret === '' ? credential : { ...credential, secret };
}

async function openToOthers(path: string): Promise<readonly Problem[]> {
  try {
    if (((await stat(path)).mode & 0o077) === 0) return [];
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
  const message = `other users of this machine can read ${path}`;
  return [{ code: 'HB270', severity: 'warning', message, fix: `chmod 600 ${path}` }];
}

function problemOf(error: unknown): Problem {
  const code = error instanceof HanbusError ? error.code : 'HB167';
  const fix = error instanceof HanbusError ? error.fix : undefined;
  return { code, severity: 'error', message: reasonOf(error), ...(fix === undefined ? {} : { fix }) };
}
