import type { Role } from '../schemes/credential.ts';
import type { Peer } from './peer.ts';
import type { Refusal, Wish } from './topic-rights.ts';

/** What one kind of client may do. One object serves all clients with the same rights: the broker compares by identity. */
export interface Rights {
  /**
   * The credential it came with; `local` for whoever came in on this machine without a login. Also the owner of the
   * session: a session of one name is not taken over by another.
   */
  readonly name: string;
  readonly role: Role;
  /** Why this may not be published, or undefined. Depends on the wish alone, so an answer may be remembered. */
  write(wish: Wish): Refusal | undefined;
  /** Why this filter may not be subscribed, or undefined. Of a shared filter: the part after the group. */
  read(filter: string): Refusal | undefined;
}

/** What CONNECT brought. */
export interface Login {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: Uint8Array;
  readonly peer: Peer;
}

/** Let in with rights, or turned away with an MQTT 5 reason code; `why` goes to the log, never to the client. */
export type Admission = { readonly rights: Rights } | Refused;

export interface Refused {
  readonly reason: number;
  readonly code: string;
  readonly why: string;
  /** Another server to use, with reason 0x9C or 0x9D. MQTT 5, 4.13. */
  readonly server?: string;
}

/** One step of an enhanced authentication: more is to be said, or it is decided. MQTT 5, 4.12. */
export type AuthStep =
  | { readonly more: Uint8Array | undefined }
  | (Admission & {
      /** The last word to the client. */
      readonly data?: Uint8Array;
    });

/** An enhanced authentication that goes on: challenge and answer, as often as its method wants. */
export interface AuthExchange {
  /** Takes the authentication data that the client has sent. A promise never rejects. */
  next(data: Uint8Array | undefined): AuthStep | Promise<AuthStep>;
}

/** Credentials that are not as before, by name: `rights.name`. Their clients must come in again. */
export interface CredentialChange {
  /** Gone: their sessions are nobody's now. */
  readonly removed: ReadonlySet<string>;
  /** With another password, other rights or other conditions: their sessions stay. */
  readonly changed: ReadonlySet<string>;
}

/** Decides who comes in. Hashing a password takes long, so an answer may be a promise; it never rejects. */
export interface Access {
  admit(login: Login): Admission | Promise<Admission>;
  /** Begins an enhanced authentication; undefined where the method is not known. Absent: no method is. */
  begin?(method: string, login: Login): AuthExchange | undefined;
  /** Whether `name` can no more come in with this client id: its session is nobody's then. Absent: it can. */
  isShutOut?(name: string, clientId: string): boolean;
  /** Tells at once when credentials change. Returns the unsubscribe. Absent: they never do. */
  onChange?(listener: (change: CredentialChange) => void): () => void;
}

/** An enhanced authentication that goes on. */
export interface Exchanging {
  readonly method: string;
  readonly exchange: AuthExchange;
  /** Called once, when it is decided; `data` is the last word to the client. */
  readonly finish: (admission: Admission, data: Uint8Array | undefined) => void;
}
