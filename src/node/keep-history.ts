import { join } from 'node:path';
import { type LastValues, restoreLast } from '../recorder/last-values.ts';
import { startRecorder } from '../recorder/recorder.ts';
import type { Problem } from '../schemes/problem.ts';
import type { Document } from '../state/document.ts';
import { type FlashBudget, type FlashSource, startFlashBudget } from '../state/flash-budget.ts';
import type { History } from '../state/history/history.ts';
import { openHistory } from '../state/history/open-history.ts';
import type { ServicesWorld } from './services-world.ts';

/** History is gathered so long when too much is written; ms. */
const GATHER_MS = 60_000;
const GATHER_LONG_MS = 300_000;

export interface Remembered {
  readonly history: History;
  readonly flash: FlashBudget;
  problems(): readonly Problem[];
}

/** The first readings do not wait for SQLite; ms. */
const OPEN_MS = 1_000;

export interface KeepHistory extends ServicesWorld {
  readonly last: Document<LastValues>;
  /** Stores beside the history. */
  readonly sources: readonly FlashSource[];
}

/** Last values on the bus, history, flash budget. Before the publisher starts. */
export function keepHistory(world: KeepHistory): Remembered {
  const { node, bus, clock, log, stoppers, data, last, schemes, sources } = world;
  const restored = restoreLast(bus, node, last.value ?? { points: [] });
  const { keepMs, maxBytes } = schemes.current.scheme.state;
  const history = openHistory({
    ...{ path: join(data, 'history.db'), clock, log: log.child({ service: 'history' }) },
    ...{ isTimeTrusted: () => world.boardClock.isTrusted, openAfterMs: OPEN_MS },
    ...(keepMs === undefined ? {} : { keepMs }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  stoppers.add('history', () => history.close());
  const recorder = startRecorder({
    bus,
    node,
    clock,
    log: log.child({ service: 'recorder' }),
    history,
    last,
    restored,
  });
  stoppers.add('recorder', () => recorder.stop());
  const flash = startFlashBudget({
    ...{ clock, log, sources: [...sources, { name: 'history', written: () => history.written }] },
    onPressure: (isHigh) => history.gather(isHigh ? GATHER_LONG_MS : GATHER_MS),
  });
  stoppers.add('flash budget', () => flash.stop());
  return { history, flash, problems: () => [...history.problems(), ...flash.problems()] };
}
