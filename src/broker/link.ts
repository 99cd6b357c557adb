import type { Version } from './codec.ts';
import type { OutAliases } from './out-aliases.ts';
import type { Outlet } from './outlet.ts';

/** The connected client of a session, as far as the session needs it. */
export interface Link {
  readonly version: Version;
  readonly outlet: Outlet;
  /** Bytes that are held for it: packets on their way in and out. */
  readonly heldBytes: number;
  /** QoS 1 and 2 messages that the client takes without acknowledging. */
  readonly window: number;
  /** The largest packet that the client takes, in bytes. */
  readonly maxPacket: number;
  /** Where the client takes topic aliases. */
  readonly aliases: OutAliases | undefined;
  /** Ends the connection with a reason code. */
  close(reason: number): void;
}
