import type { Bus } from '../bus/bus.ts';
import type { Ports } from '../drivers/ports/ports.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { FlashSource } from '../state/flash-budget.ts';
import type { BoardClock } from './board-clock.ts';
import type { Drivers } from './kinds.ts';
import type { Memory } from './memory.ts';
import type { SchemeLoop } from './scheme-loop.ts';
import type { Stoppers } from './stoppers.ts';

/** What the services of a node stand on. */
export interface ServicesWorld {
  readonly node: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly ports: Ports;
  readonly drivers: Drivers;
  readonly memory: Memory;
  readonly schemes: SchemeLoop;
  readonly boardClock: BoardClock;
  readonly stoppers: Stoppers;
  /** What else writes to the disk. */
  readonly stores: readonly FlashSource[];
  /** Folder of what they keep. */
  readonly data: string;
}
