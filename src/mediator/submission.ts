import type { CommandAck } from '../schemes/command.ts';
import type { PendingKind, Reply } from './pending.ts';
import type { Timed } from './time-left.ts';

/** A command at the door: its form is right, everything else is open. */
export interface Submission extends Timed {
  readonly id: string;
  /** The id was given by the sender. */
  readonly isNamed: boolean;
  readonly device: string;
  readonly point: string;
  readonly origin: string;
  readonly kind: PendingKind;
  readonly reply?: Reply | undefined;
  /** Packet of an MQTT client. */
  readonly packet?: string | undefined;
  /** Not counted against the rates of its sender: a member of a group. */
  readonly isMember?: boolean;
  readonly onEnd?: ((ack: CommandAck) => void) | undefined;
}
