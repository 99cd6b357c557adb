import type { Cancel, Clock } from '../kit/clock.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Problem } from '../schemes/problem.ts';
import { durationText } from '../schemes/quantity.ts';
import type { SchemeKeeper } from './scheme-keeper.ts';
import { problemOf } from './scheme-problem.ts';
import { endTrial, restoreFiles, settle, type TrialWorld } from './scheme-recover.ts';
import type { Trial, TrialEnd } from './scheme-trial.ts';

export interface TrialsWorld extends TrialWorld {
  readonly keeper: SchemeKeeper;
  readonly clock: Clock;
  /** Runs a task when no other change of the scheme is on its way. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
}

/** How long until files that could not be put back are tried again, ms. */
const RETRY_MS = 60_000;

/** The one change of the scheme that can still be taken back. All but the facts are to be called in turn. */
export class SchemeTrials {
  readonly #world: TrialsWorld;
  #cancel: Cancel = () => undefined;
  /** On the monotonic clock. */
  #endsAt = 0;

  constructor(world: TrialsWorld) {
    this.#world = world;
  }

  /** What waits for its confirmation now. */
  get trial(): Trial | undefined {
    return this.#world.page.value?.trial ?? undefined;
  }

  get leftMs(): number {
    return Math.max(0, Math.round(this.#endsAt - this.#world.clock.mono()));
  }

  /** How the last trial ended. */
  get ended(): TrialEnd | undefined {
    return this.#world.page.value?.ended ?? undefined;
  }

  /** False while the disk refuses: a trial is then forgotten when the node ends. */
  get isKept(): boolean {
    return this.#world.page.writable;
  }

  /** Goes on with what the node's last life left, or runs the scheme before from memory when its files are refused. */
  async resume(refused: Problem | undefined): Promise<void> {
    const { trial } = this;
    if (trial === undefined) return;
    if (refused !== undefined) {
      this.retry();
      return await this.#world.keeper.fallBack(trial.running, refused);
    }
    const { leftMs = trial.waitMs, ...going } = trial;
    await this.#put(going);
    this.#arm(leftMs);
  }

  /** On the disk before the first file is written. */
  async begin(trial: Trial): Promise<void> {
    await this.#put(trial);
  }

  /** It runs: now it waits, or needs no confirmation. */
  async wait(trial: Trial): Promise<void> {
    if (trial.waitMs === 0) return await this.forget();
    await this.#put(trial);
    this.#arm(trial.waitMs);
  }

  /** Nothing has changed. */
  forget(): Promise<void> {
    return settle(this.#world.page, { trial: null, ended: null });
  }

  /** Files of before are still to be put back. */
  retry(): void {
    this.#arm(RETRY_MS);
  }

  /** Keeps the scheme on trial. Throws HB391 when there is none of this etag. */
  async confirm(etag: string, who: string): Promise<TrialEnd> {
    const { trial } = this;
    if (trial?.phase !== 'waiting' || trial.etag !== etag) throw nothingWaits(etag, trial, this.ended);
    this.#cancel();
    return await endTrial(this.#world, trial, 'confirmed', who === '' ? 'it was confirmed' : `confirmed by ${who}`);
  }

  /** Runs the scheme before again, unless the files were edited by hand. */
  async takeBack(why: string): Promise<TrialEnd | undefined> {
    const { trial } = this;
    if (trial === undefined) return undefined;
    this.#cancel();
    try {
      const ended = await restoreFiles(this.#world, trial, why);
      if (ended.outcome === 'reverted') await this.#runBefore(trial);
      return ended;
    } catch (error) {
      const problem = problemOf(error);
      this.#world.log.error(problem.message, { code: problem.code });
      await this.#world.keeper.fallBack(trial.running, problem);
      this.retry();
      return { etag: trial.etag, outcome: 'reverted', at: this.#world.now(), why: `${why}; ${problem.message}` };
    }
  }

  /** What a person has saved in one of its files is not taken back any more. */
  async yieldToEdits(): Promise<void> {
    const { trial } = this;
    if (trial?.phase !== 'waiting') return;
    for (const [path, text] of Object.entries(trial.to)) {
      if (((await this.#world.disk.text(path)) ?? null) === text) continue;
      this.#cancel();
      await endTrial(this.#world, trial, 'edited', `${path} was edited by hand`);
      return;
    }
  }

  /** The trial goes on in the node's next life. */
  async stop(): Promise<void> {
    const { trial, leftMs } = this;
    this.#cancel();
    const { page } = this.#world;
    if (trial?.phase === 'waiting') page.set({ trial: { ...trial, leftMs }, ended: null });
    await page.close();
  }

  async #put(trial: Trial): Promise<void> {
    const { page } = this.#world;
    page.set({ trial, ended: null });
    await page.flush();
  }

  #arm(ms: number): void {
    const { clock, inTurn, log } = this.#world;
    this.#cancel();
    this.#endsAt = clock.mono() + ms;
    const waited = durationText(this.trial?.waitMs ?? ms);
    this.#cancel = clock.after(ms, () => {
      inTurn(() => this.takeBack(`nobody confirmed it within ${waited}`)).catch((error: unknown) =>
        log.error('the scheme on trial could not be taken back', { reason: reasonOf(error) }),
      );
    });
  }

  async #runBefore(trial: Trial): Promise<void> {
    const { keeper } = this.#world;
    const version = await keeper.read();
    if (version.loaded.scheme === undefined) await keeper.fallBack(trial.running);
    else await keeper.take(version, { source: 'undo', who: '' });
  }
}

function nothingWaits(etag: string, trial: Trial | undefined, ended: TrialEnd | undefined): HanbusError {
  const fix = 'hanbus config versions';
  if (trial?.phase === 'waiting') {
    return new HanbusError('HB391', `another scheme waits for its confirmation (${trial.etag}), not ${etag}`, { fix });
  }
  const last = ended?.etag === etag ? `: it was ${ended.outcome}, ${ended.why}` : '';
  return new HanbusError('HB391', `no scheme waits for its confirmation${last}`, { fix });
}
