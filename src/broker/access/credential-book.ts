import type { Credential } from '../../schemes/credential.ts';
import type { CredentialChange } from '../access.ts';
import type { PeerCertificate } from '../peer.ts';

/** A credential with what proves it: a hash from the file, a secret of the scheme, or neither (certificates alone). */
export interface SecretCredential extends Credential {
  readonly hash?: string;
  readonly secret?: string;
}

/** All credentials of the moment. Immutable: a change makes a new book. */
export class CredentialBook {
  readonly #byName: ReadonlyMap<string, SecretCredential>;
  readonly #byCertificate = new Map<string, SecretCredential>();
  readonly #byClientId = new Map<string, SecretCredential>();

  /** Of two with one name the first one counts. */
  constructor(credentials: readonly SecretCredential[]) {
    const byName = new Map<string, SecretCredential>();
    for (const one of credentials) if (!byName.has(one.name)) byName.set(one.name, one);
    this.#byName = byName;
    for (const one of byName.values()) {
      for (const certificate of one.certificates) keepFirst(this.#byCertificate, certificate, one);
      if (one.clientId !== undefined) keepFirst(this.#byClientId, one.clientId, one);
    }
  }

  get size(): number {
    return this.#byName.size;
  }

  byName(name: string): SecretCredential | undefined {
    return this.#byName.get(name);
  }

  /** Whether anybody may come in without encryption from another machine. */
  get hasPlain(): boolean {
    return [...this.#byName.values()].some(({ plain }) => plain);
  }

  /** By fingerprint, else by common name. */
  byCertificate({ fingerprint, name }: PeerCertificate): SecretCredential | undefined {
    return this.#byCertificate.get(fingerprint) ?? this.#byCertificate.get(name);
  }

  /** Whose client id this is; undefined when anybody may use it. */
  ownerOf(clientId: string): string | undefined {
    return this.#byClientId.get(clientId)?.name;
  }

  /** What is different in `next`. New names are no change: nobody came in with them. */
  changesTo(next: CredentialBook): CredentialChange {
    const removed = new Set<string>();
    const changed = new Set<string>();
    for (const [name, credential] of this.#byName) {
      const then = next.byName(name);
      if (then === undefined) removed.add(name);
      else if (JSON.stringify(sorted(then)) !== JSON.stringify(sorted(credential))) changed.add(name);
    }
    return { removed, changed };
  }
}

function keepFirst<V>(map: Map<string, V>, key: string, value: V): void {
  if (!map.has(key)) map.set(key, value);
}

function sorted(credential: SecretCredential): [string, unknown][] {
  return Object.entries(credential).toSorted(([one], [other]) => (one < other ? -1 : 1));
}
