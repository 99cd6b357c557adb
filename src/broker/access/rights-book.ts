import type { Credential } from '../../schemes/credential.ts';
import type { Rights } from '../access.ts';
import type { TopicRights } from '../topic-rights.ts';
import { makeRights, usesClientId } from './credential-rights.ts';

/** Rights of client ids that are kept; beyond that the oldest is made again when it comes back. */
const MOST_CLIENTS = 1_000;

/**
 * One Rights object per credential, or per credential and client id where its patterns have `%c`: the broker remembers
 * its answers by the identity of the object. A changed credential is another object and gets other rights.
 */
export class RightsBook {
  readonly #topicRights: TopicRights;
  readonly #common = new WeakMap<Credential, Rights>();
  readonly #perClient = new WeakMap<Credential, Map<string, Rights>>();

  constructor(topicRights: TopicRights) {
    this.#topicRights = topicRights;
  }

  of(credential: Credential, clientId: string): Rights {
    const topicRights = this.#topicRights;
    if (usesClientId(credential)) return this.#ofClient(credential, clientId);
    const known = this.#common.get(credential);
    if (known !== undefined) return known;
    const rights = makeRights({ credential, clientId, topicRights });
    this.#common.set(credential, rights);
    return rights;
  }

  #ofClient(credential: Credential, clientId: string): Rights {
    const kept = this.#perClient.get(credential) ?? new Map<string, Rights>();
    this.#perClient.set(credential, kept);
    const rights = kept.get(clientId) ?? makeRights({ credential, clientId, topicRights: this.#topicRights });
    kept.delete(clientId);
    kept.set(clientId, rights);
    const [oldest] = kept.keys();
    if (kept.size > MOST_CLIENTS && oldest !== undefined) kept.delete(oldest);
    return rights;
  }
}
