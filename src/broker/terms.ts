import type { Rights } from './access.ts';
import type { Version } from './codec.ts';
import type { OutAliases } from './out-aliases.ts';
import { REASON } from './reason.ts';
import type { Session } from './session.ts';
import type { Will } from './will.ts';

/** What CONNECT agreed. */
export interface Terms {
  readonly session: Session;
  readonly version: Version;
  readonly isBridge: boolean;
  /** QoS 1 and 2 messages that the client takes without acknowledging. */
  readonly window: number;
  /** The largest packet that the client takes, in bytes. */
  readonly maxPacket: number;
  /** 0: no keep alive. */
  readonly keepAliveMs: number;
  /** False: reason strings only in CONNACK and DISCONNECT. [MQTT-3.1.2-29] */
  readonly wantsReasons: boolean;
  readonly will: Will | undefined;
  readonly rights: Rights;
  /** Where the client takes topic aliases. */
  readonly aliases: OutAliases | undefined;
  /** The method of an enhanced authentication. MQTT 5, 4.12. */
  readonly authMethod: string | undefined;
}

const denied = () => ({ reason: REASON.notAuthorised, code: 'HB182', why: 'not connected' });

/** Of a client that is not connected yet. */
export const NO_RIGHTS: Rights = { name: '', role: 'viewer', write: denied, read: denied };
