import type { Props } from '../bus/message.ts';
import type { Command, CommandAck, CommandState } from '../schemes/command.ts';

/** Who else than the listeners of `$ack` hears the outcome: the MQTT 5 response topic of a request. */
export interface Reply {
  readonly props: Props | undefined;
  readonly qos: 0 | 1 | 2;
}

/**
 * `command`: of a person, a program or a rule. `safety`: back to rest, whatever the limits say. `restore`: the last value
 * after a restart.
 */
/** A state after which nothing follows. */
export type FinalState = Exclude<CommandState, 'accepted' | 'received' | 'running'>;

export type PendingKind = 'command' | 'restore' | 'safety';

/** A command that was accepted and has no outcome yet. */
export interface Pending {
  readonly command: Command;
  readonly kind: PendingKind;
  readonly replies: Reply[];
  /** Monotonic and wall ms. */
  readonly receivedAt: number;
  readonly wallAt: number;
  /** Packet of an MQTT client, to know it again. */
  readonly packet?: string;
  /** As the sender wrote it: `pump.state="on"`. */
  readonly what: string;
  state: CommandState;
  /** The journal knows that it waits. */
  isNoted: boolean;
  /** Writes tried so far. */
  tries: number;
  /** Not before; for another try. */
  notBefore: number;
  /** Why it waits. */
  why: string | undefined;
  cancelTimer: () => void;
  onEnd: ((ack: CommandAck) => void) | undefined;
}

/** Who makes a device what it must be when it was opened. */
export const RESTORE = 'guard:restore';

export function isByRule({ origin, by }: Command): boolean {
  return by === 'rule' || by.startsWith('rule:') || origin === 'rules';
}

/** A guard acts for nobody: it is neither a person nor a rule. */
export function isByGuard({ by }: Command): boolean {
  return by.startsWith('guard:');
}
