import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { InTurn } from '../kit/in-turn.ts';
import type { Log } from '../kit/log.ts';
import type { Problem } from '../schemes/problem.ts';
import { makeKnownRules } from '../schemes/rules/read-rules.ts';
import { type Document, openDocument } from '../state/document.ts';
import { type DocumentFiles, systemFiles } from '../state/files.ts';
import { type ChangeWorld, changeScheme } from './scheme-change.ts';
import { machineDisk, type SchemeDisk } from './scheme-disk.ts';
import { SchemeHistory } from './scheme-history.ts';
import { type CurrentScheme, SchemeKeeper } from './scheme-keeper.ts';
import { trialNotes } from './scheme-notes.ts';
import { recoverTrial, type TrialWorld } from './scheme-recover.ts';
import { parseTrialPage, type TrialEnd, type TrialPage } from './scheme-trial.ts';
import { SchemeTrials } from './scheme-trials.ts';
import type { SchemeSource, Texts } from './scheme-version.ts';
import { SchemeWatch } from './scheme-watch.ts';
import type { Changed, ChangeWish } from './scheme-wish.ts';

export interface SchemeWorld extends SchemeSource {
  readonly lastGood: Document<Texts>;
  /** Folder for the versions and the trial. */
  readonly data: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: this machine. */
  readonly disk?: SchemeDisk;
  readonly documents?: DocumentFiles;
}

export interface SchemeLoop {
  readonly source: SchemeSource;
  /** What runs. */
  readonly current: CurrentScheme;
  readonly keeper: SchemeKeeper;
  readonly history: SchemeHistory;
  readonly trials: SchemeTrials;
  /**
   * Begins to watch the files; `onChange` makes the node run what is current, or shows what is wrong with it. When it
   * throws, the version before becomes current and it is called once more.
   */
  watch(onChange: () => Promise<void> | void): void;
  /** Reads the files and takes them, as after an edit. False when they are as before. */
  look(): Promise<boolean>;
  /** `makeWish` is called when it is its turn. */
  change(makeWish: () => ChangeWish | Promise<ChangeWish>): Promise<Changed>;
  /** Throws HB391. */
  confirm(etag: string, who: string): Promise<TrialEnd>;
  takeBack(why: string): Promise<TrialEnd | undefined>;
  /** What went to the disk since the start, for the flash budget. */
  written(): { readonly times: number; readonly bytes: number };
  /** That a trial goes on, how it ended, or that the disk refuses. */
  notes(): readonly Problem[];
  stop(): Promise<void>;
}

/**
 * Reads the scheme and watches its files. A broken scheme never replaces a good one: the last good texts, kept in the
 * data folder, run on, and with none at all the empty scheme. One change at a time, whoever asks for it.
 */
export async function startSchemeLoop(world: SchemeWorld): Promise<SchemeLoop> {
  const { clock, log, data, lastGood, disk = machineDisk, documents: files = systemFiles } = world;
  const history = await SchemeHistory.open({ disk, folder: join(data, 'versions'), log });
  const options = { path: join(data, 'trial.json'), parse: parseTrialPage, clock, log, files };
  const page = await openDocument<TrialPage>(options);
  const now = () => clock.now();
  const trialWorld: TrialWorld = { page, history, lastGood, disk, log, now };
  const refused = await recoverTrial(trialWorld);
  const source: SchemeSource = { ...world, knownRules: makeKnownRules() };
  const keeper = await SchemeKeeper.open({ source, disk, lastGood, history, clock, log });
  const turns = new InTurn();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => turns.run(task);
  const trials = new SchemeTrials({ ...trialWorld, keeper, clock, inTurn });
  await trials.resume(refused);
  const changing: ChangeWorld = { keeper, trials, history, disk, log, now };
  const look = async () => {
    await trials.yieldToEdits();
    return await keeper.look();
  };
  const watching = new SchemeWatch({ source, keeper, disk, clock, log, look: () => inTurn(look) });
  return {
    source,
    get current() {
      return keeper.current;
    },
    keeper,
    history,
    trials,
    watch(onChange) {
      keeper.onChange = onChange;
      watching.start();
    },
    look: () => inTurn(look),
    async change(makeWish) {
      const changed = await inTurn(async () => await changeScheme(changing, await makeWish()));
      watching.renew();
      return changed;
    },
    confirm: (etag, who) => inTurn(() => trials.confirm(etag, who)),
    takeBack: (why) => inTurn(() => trials.takeBack(why)),
    written: () => sumOf(history.written, page.written),
    notes: () => trialNotes(trials, history, clock.now()),
    async stop() {
      watching.stop();
      await inTurn(() => trials.stop());
    },
  };
}

type Written = ReturnType<SchemeLoop['written']>;

function sumOf(one: Written, other: Written): Written {
  return { times: one.times + other.times, bytes: one.bytes + other.bytes };
}
