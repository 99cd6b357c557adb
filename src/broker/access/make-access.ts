import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { isSafeId, LOCAL_NAME } from '../../schemes/credential.ts';
import type { Access, Admission, CredentialChange, Login, Rights } from '../access.ts';
import { isLoopback, plainAddress } from '../listen/caller-address.ts';
import type { Peer } from '../peer.ts';
import { makeTopicRights } from '../topic-rights.ts';
import { CredentialBook, type SecretCredential } from './credential-book.ts';
import { makeLocalRights, usesClientId } from './credential-rights.ts';
import { PasswordCheck, type PasswordCheckWorld, type Verdict } from './password-check.ts';
import { type AccessCounts, makeAccessCounts, REFUSALS, type RefusalKind } from './refusals.ts';
import { RightsBook } from './rights-book.ts';

export interface AccessWorld extends PasswordCheckWorld {
  readonly clock: Clock;
  readonly log: Log;
  /** The node whose readings and states no client may write. */
  readonly node?: string;
}

/** Who may come in now. */
export interface AccessRules {
  /** Of two with one name the first one counts. */
  readonly credentials: readonly SecretCredential[];
  /** Whether programs of this machine come in without a login, as operator. */
  readonly isLocalOpen: boolean;
}

export interface RuledAccess extends Access {
  readonly counts: AccessCounts;
  isShutOut(name: string, clientId: string): boolean;
  /** Whether anybody may come in without encryption from another machine: then a plain door makes sense. */
  readonly hasPlain: boolean;
  /** Takes new rules; whoever listens hears at once whose clients must go. */
  setRules(rules: AccessRules): void;
  /**
   * The broker puts out the clients of these names: `rights.name`. Also told, with nobody in it, when `hasPlain` is
   * another. Returns the unsubscribe.
   */
  onChange(listener: (change: CredentialChange) => void): () => void;
}

/** Without rules nobody comes in but programs of this machine. Architecture page, section 10. */
export function makeAccess(world: AccessWorld): RuledAccess {
  return new CheckedAccess(world);
}

class CheckedAccess implements RuledAccess {
  readonly counts = makeAccessCounts();
  readonly #log: Log;
  readonly #passwords: PasswordCheck;
  readonly #rights: RightsBook;
  readonly #local: Rights;
  readonly #listeners = new Set<(change: CredentialChange) => void>();
  #book = new CredentialBook([]);
  #isLocalOpen = true;

  constructor(world: AccessWorld) {
    const topicRights = makeTopicRights(world.node);
    this.#log = world.log;
    this.#passwords = new PasswordCheck(world);
    this.#rights = new RightsBook(topicRights);
    this.#local = makeLocalRights(LOCAL_NAME, topicRights);
  }

  get hasPlain(): boolean {
    return this.#book.hasPlain;
  }

  setRules({ credentials, isLocalOpen }: AccessRules): void {
    const book = new CredentialBook(kept(this.#book, credentials));
    const { removed, changed } = this.#book.changesTo(book);
    const closed = this.#isLocalOpen && !isLocalOpen ? [LOCAL_NAME] : [];
    const hadPlain = this.#book.hasPlain;
    this.#book = book;
    this.#isLocalOpen = isLocalOpen;
    this.#passwords.keepOnly((name) => book.byName(name) !== undefined);
    const change = { removed: new Set([...removed, ...closed]), changed };
    if (change.removed.size + changed.size === 0 && hadPlain === book.hasPlain) return;
    for (const listener of this.#listeners) listener(change);
  }

  onChange(listener: (change: CredentialChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  admit(login: Login): Admission | Promise<Admission> {
    const { username, password } = login;
    const certified = this.#certified(login);
    if (certified !== undefined) return this.#enter(certified, login);
    if (username === undefined && password === undefined) return this.#withoutLogin(login);
    const book = this.#book;
    const credential = username === undefined ? undefined : book.byName(username);
    const address = plainAddress(login.peer.address);
    const attempt = { address, user: username ?? '', ...(password === undefined ? {} : { password }) };
    const verdict = this.#passwords.check(credential, attempt);
    if (typeof verdict === 'string') return this.#judge(verdict, credential, login);
    return verdict.then(
      (settled) => this.#judge(settled, this.#stillValid(credential), login),
      (error: unknown) => this.#failed(error),
    );
  }

  isShutOut(name: string, clientId: string): boolean {
    const owner = this.#book.ownerOf(clientId) ?? name;
    if (owner !== name) return true;
    return name === LOCAL_NAME ? !this.#isLocalOpen : this.#book.byName(name) === undefined;
  }

  /** The credential of the client certificate. A user name beside it must be the same; a password is not needed then. */
  #certified({ peer: { certificate }, username, password }: Login): SecretCredential | undefined {
    const credential = certificate === undefined ? undefined : this.#book.byCertificate(certificate);
    const isItself = username === undefined || username === credential?.name;
    return isItself && password === undefined ? credential : undefined;
  }

  #withoutLogin(login: Login): Admission {
    if (!isOfThisMachine(login.peer)) return this.#refuse('noLogin', 'a client of another machine without a login');
    if (!this.#isLocalOpen) return this.#refuse('noLogin', 'no login, and this node asks for one here too');
    const owner = this.#book.ownerOf(login.clientId);
    if (owner !== undefined) return this.#refuse('clientId', `its client id belongs to the login ${owner}`);
    this.counts.admitted += 1;
    return { rights: this.#local };
  }

  #judge(verdict: Verdict, credential: SecretCredential | undefined, login: Login): Admission {
    if (verdict === 'busy') return this.#refuse('busy', 'too many logins at once');
    if (verdict === 'held') return this.#refuse('held', 'too many failed logins from there');
    if (verdict === 'right' && credential !== undefined) return this.#enter(credential, login);
    return this.#refuse('badLogin', `wrong user or password, user ${shown(login.username)}`);
  }

  #enter(credential: SecretCredential, login: Login): Admission {
    const { name, clientId, plain } = credential;
    if (!plain && isReadableOnTheWay(login.peer)) {
      return this.#refuse('plain', `user ${name} without encryption from another machine`);
    }
    if (clientId !== undefined && clientId !== login.clientId) {
      return this.#refuse('clientId', `user ${name} may only use its own client id`);
    }
    const owner = this.#book.ownerOf(login.clientId) ?? name;
    if (owner !== name) return this.#refuse('clientId', `its client id belongs to the login ${owner}, not to ${name}`);
    if (usesClientId(credential) && !isSafeId(login.clientId)) {
      return this.#refuse('clientId', `the client id of user ${name} could widen its patterns`);
    }
    this.counts.admitted += 1;
    return { rights: this.#rights.of(credential, login.clientId) };
  }

  /** The book may have changed while the password was being checked. */
  #stillValid(credential: SecretCredential | undefined): SecretCredential | undefined {
    return credential !== undefined && this.#book.byName(credential.name) === credential ? credential : undefined;
  }

  #refuse(kind: RefusalKind, why: string): Admission {
    this.counts.refused[kind] += 1;
    return { ...REFUSALS[kind], why };
  }

  #failed(error: unknown): Admission {
    this.#log.error('a password could not be checked', { code: 'HB186', reason: reasonOf(error) });
    return this.#refuse('busy', 'the password could not be checked');
  }
}

/** What is as before stays the same object, and so do the rights that were made for it. */
function kept(book: CredentialBook, credentials: readonly SecretCredential[]): readonly SecretCredential[] {
  const { changed } = book.changesTo(new CredentialBook(credentials));
  return credentials.map((one) => (changed.has(one.name) ? one : (book.byName(one.name) ?? one)));
}

/** A Unix socket, or TCP that never leaves this machine. Not a WebSocket: a web page in a browser here can open one. */
function isOfThisMachine({ transport = 'memory', address }: Peer): boolean {
  if (transport === 'memory' || transport === 'unix') return true;
  return transport === 'tcp' && isLoopback(address);
}

function isReadableOnTheWay({ transport = 'memory', address }: Peer): boolean {
  return (transport === 'tcp' || transport === 'ws') && !isLoopback(address);
}

function shown(user: string | undefined): string {
  return user === undefined ? 'left out' : JSON.stringify(user.slice(0, 64));
}
