import type { CommandAck, CommandMode } from '../schemes/command.ts';

/** One member of a group or scene, by its full name, and what it shall be. */
export interface Member {
  readonly name: string;
  readonly value: unknown;
  readonly forMs?: number | undefined;
  readonly mode?: CommandMode | undefined;
  readonly ttlMs?: number | undefined;
}

/** What became of a member. */
export interface MemberEnd {
  readonly name: string;
  readonly ack: Pick<CommandAck, 'code' | 'st' | 'why'>;
}
