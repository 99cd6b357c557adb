import type { Moment } from './engine-world.ts';
import type { Message } from './message.ts';

/** The moment that the engine works in, and what it is told in it. Closures of rules read it. */
export interface Now {
  mono: number;
  wall: number;
  isTrusted: boolean;
  /** The message that started the rule which is worked on. */
  message: Message | undefined;
  /** What was told, for the ids of commands: owner's point, epoch and sequence. */
  point: string;
  epoch: number;
  sequence: number;
  /** Counts what was told: a rule starts once for one of them. */
  turn: number;
}

export function makeNow(): Now {
  return {
    mono: 0,
    wall: 0,
    isTrusted: false,
    message: undefined,
    point: '',
    epoch: 0,
    sequence: 0,
    turn: 0,
  };
}

export function setMoment(now: Now, moment: Moment): void {
  now.mono = moment.mono;
  now.wall = moment.wall;
  now.isTrusted = moment.isTrusted;
}
