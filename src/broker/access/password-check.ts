import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';
import type { SecretCredential } from './credential-book.ts';
import { LoginGuard } from './login-guard.ts';
import { dummyHash, isPasswordOf } from './password-hash.ts';
import { Turns } from './turns.ts';

/** `busy`: too many logins are being checked; `held`: too many from there failed. */
export type Verdict = 'busy' | 'held' | 'right' | 'wrong';

/** A user name and a password, and where they came from. */
export interface Attempt {
  readonly address: string;
  readonly user: string;
  /** Absent when none was sent; that is as wrong as any other. */
  readonly password?: Uint8Array;
}

export interface PasswordCheckWorld {
  readonly clock: Clock;
  /** Default: scrypt. Whether the password has this hash. */
  readonly isPasswordOf?: (password: Uint8Array, hash: string) => Promise<boolean>;
}

/** A right password is known again for so long without the costly hash. */
const REMEMBERED_MS = 3_600_000;
/** Each takes 32 MB. */
const AT_ONCE = 2;
const WAITING = 100;

interface Remembered {
  readonly mac: Buffer;
  readonly until: number;
}

/**
 * Checks passwords at a cost that is the same for a wrong password and for a user that nobody knows. What was right once
 * is known again at once, so that a hundred devices that come back together need no minute of hashing: kept is not the
 * password but its HMAC under a key that lives in this process only.
 */
export class PasswordCheck {
  readonly #clock: Clock;
  readonly #guard: LoginGuard;
  readonly #isPasswordOf: NonNullable<PasswordCheckWorld['isPasswordOf']>;
  readonly #key = randomBytes(32);
  readonly #dummy = dummyHash();
  readonly #turns = new Turns({ atOnce: AT_ONCE, waiting: WAITING });
  /** By user name; one each. */
  readonly #remembered = new Map<string, Remembered>();
  /** The same question asked again while it is being answered. */
  readonly #asked = new Map<string, Promise<Verdict>>();

  constructor({ clock, isPasswordOf: own = isPasswordOf }: PasswordCheckWorld) {
    this.#clock = clock;
    this.#guard = new LoginGuard(clock);
    this.#isPasswordOf = own;
  }

  /** At once when the password is remembered. `credential` is undefined for a user that nobody knows. */
  check(credential: SecretCredential | undefined, attempt: Attempt): Verdict | Promise<Verdict> {
    const { address, user } = attempt;
    if (this.#guard.isBlocked(address, user)) return 'held';
    const mac = this.#mac(credential, attempt);
    if (credential !== undefined && this.#isKnown(credential, mac, attempt)) {
      this.#guard.succeeded(address, user);
      return 'right';
    }
    const key = `${address}\n${mac.toString('base64')}`;
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    const verdict = this.#turns.run(() => this.#hash(credential, attempt, mac));
    if (verdict === undefined) return 'busy';
    const told = verdict.finally(() => this.#asked.delete(key));
    this.#asked.set(key, told);
    return told;
  }

  /** Forgets whoever is not in the book any more. */
  keepOnly(isThere: (name: string) => boolean): void {
    for (const name of this.#remembered.keys()) if (!isThere(name)) this.#remembered.delete(name);
  }

  /** Looks at the guard again: many may have asked before the first was answered. */
  async #hash(
    credential: SecretCredential | undefined,
    { address, user, password }: Attempt,
    mac: Buffer,
  ): Promise<Verdict> {
    if (this.#guard.isBlocked(address, user)) return 'held';
    const isRight = await this.#isPasswordOf(password ?? new Uint8Array(), credential?.hash ?? this.#dummy);
    // The dummy is nobody's: whoever has no hash of his own is never right here.
    if (!isRight || password === undefined || credential?.hash === undefined) {
      this.#guard.failed(address, user);
      return 'wrong';
    }
    this.#guard.succeeded(address, user);
    this.#remembered.set(credential.name, { mac, until: this.#clock.mono() + REMEMBERED_MS });
    return 'right';
  }

  #isKnown(credential: SecretCredential, mac: Buffer, attempt: Attempt): boolean {
    if (attempt.password === undefined) return false;
    const { name, secret } = credential;
    if (secret !== undefined) {
      return timingSafeEqual(this.#mac(credential, { ...attempt, password: Buffer.from(secret) }), mac);
    }
    const remembered = this.#remembered.get(name);
    if (remembered === undefined) return false;
    if (remembered.until > this.#clock.mono()) return timingSafeEqual(remembered.mac, mac);
    this.#remembered.delete(name);
    return false;
  }

  /** Another hash of the same user gives another MAC, so a changed password is not remembered under the old one. */
  #mac(credential: SecretCredential | undefined, { user, password = new Uint8Array() }: Attempt): Buffer {
    const own = createHmac('sha256', this.#key);
    for (const part of [credential?.hash ?? '', user].map((text) => Buffer.from(text))) {
      own.update(`${part.length}:`).update(part);
    }
    return own.update(password).digest();
  }
}
