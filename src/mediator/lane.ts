import { reasonOf } from '../kit/errors.ts';
import type { WriteResult } from '../schemes/command.ts';
import type { LaneWorld } from './lane-world.ts';
import { lateWords, outcomeOf } from './outcome-of.ts';
import { type Pending, RESTORE } from './pending.ts';
import { expired, type Refusal, rejected } from './refusal.ts';

/** Commands that may wait for one device. */
export const LANE_LIMIT = 64;
/** A device that is silent so long after the deadline leaves its command unknown. */
const OVERTIME_MS = 1_500;
/** Waits before a `set` that failed is tried again, within its deadline. */
const RETRIES_MS: readonly number[] = [250, 1_000];

/**
 * The commands of one device, in the order in which they came, one at a time. One that waits for a limit of its point lets
 * those of other points pass. A newer `set` takes the place of a waiting one of the same point.
 */
export class Lane {
  readonly #world: LaneWorld;
  readonly #device: string;
  #waiting: Pending[] = [];
  #isBusy = false;
  #cancelWake: () => void = () => undefined;

  constructor(world: LaneWorld, device: string) {
    this.#world = world;
    this.#device = device;
  }

  /** Commands that wait or run. */
  get length(): number {
    return this.#waiting.length + (this.#isBusy ? 1 : 0);
  }

  get isFull(): boolean {
    return this.#waiting.length >= LANE_LIMIT;
  }

  /** Takes an accepted command. */
  add(pending: Pending): void {
    const { clock, desk } = this.#world;
    // What it must be when it is opened comes before what was asked meanwhile.
    if (pending.command.by === RESTORE) this.#waiting.unshift(pending);
    else {
      this.#supersede(pending);
      this.#waiting.push(pending);
    }
    const left = pending.command.deadline - clock.mono();
    pending.cancelTimer = clock.after(left, () => this.#timeIsOver(pending));
    this.pump();
    if (pending.command.mode === 'once' && this.#waiting.includes(pending)) desk.noteWaiting(pending);
  }

  failAll(refusal: Refusal): void {
    for (const pending of this.#waiting.splice(0)) this.#world.desk.finish(pending, refusal);
  }

  /** Begins what can begin; to be called when anything changed that a command may wait for. */
  pump(): void {
    this.#cancelWake();
    if (this.#isBusy || this.#waiting.length === 0) return;
    const { clock, health } = this.#world;
    if (health(this.#device) === 'init') return;
    const held = new Set<string>();
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const pending of [...this.#waiting]) {
      const { point } = pending.command;
      if (held.has(point)) continue;
      const until = this.#tryOne(pending);
      if (this.#isBusy) return;
      if (until === undefined) continue;
      held.add(point);
      wakeAt = Math.min(wakeAt, until);
    }
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    this.#cancelWake = clock.after(Math.max(wakeAt - clock.mono(), 0), () => this.pump());
  }

  /** Begins or refuses it; or answers until when it waits. */
  #tryOne(pending: Pending): number | undefined {
    const { clock, desk, guards } = this.#world;
    const now = clock.mono();
    if (now > pending.command.deadline) {
      this.#take(pending);
      desk.finish(pending, expired(lateWords(pending)));
      return undefined;
    }
    if (pending.notBefore > now) return pending.notBefore;
    const verdict = guards.judge(pending);
    if (verdict.do === 'wait') {
      pending.why = verdict.why;
      if (verdict.turnOff !== undefined) guards.turnOff(verdict.turnOff, pending.command.deadline);
      return verdict.until;
    }
    this.#take(pending);
    if (verdict.do === 'refuse') desk.finish(pending, verdict.refusal);
    else void this.#run(pending);
    return undefined;
  }

  async #run(pending: Pending): Promise<void> {
    const { guards, desk } = this.#world;
    this.#isBusy = true;
    try {
      const refusal = await this.#prepare(pending);
      const result = refusal === undefined ? await this.#write(pending) : undefined;
      if (refusal !== undefined) {
        guards.end(pending, { done: false, how: 'late', code: refusal.code, why: refusal.why });
        desk.finish(pending, refusal);
      } else if (result !== undefined) this.#ended(pending, result);
    } finally {
      this.#isBusy = false;
      this.pump();
    }
  }

  /** What must be on the disk before it acts; a reason not to act at all. */
  async #prepare(pending: Pending): Promise<Refusal | undefined> {
    const { clock, desk, guards, journal } = this.#world;
    const { command } = pending;
    desk.progress(pending, 'running');
    pending.tries += 1;
    await guards.begin(pending);
    if (command.mode === 'once') {
      try {
        await journal.begin(desk.entryOf(pending));
      } catch (error) {
        return rejected('HB368', reasonOf(error));
      }
    }
    return clock.mono() > command.deadline ? expired(lateWords(pending)) : undefined;
  }

  async #write({ command }: Pending): Promise<WriteResult> {
    const { device, point, value, deadline } = command;
    try {
      return await this.#world.write({ device, point, value, deadline });
    } catch (error) {
      return { done: false, how: 'failed', code: 'HB100', why: reasonOf(error) }; // a bug of who writes
    }
  }

  #ended(pending: Pending, result: WriteResult): void {
    const { clock, desk, guards } = this.#world;
    guards.end(pending, result);
    const waitMs = this.#retryMs(pending, result);
    if (waitMs === undefined) {
      desk.finish(pending, outcomeOf(result));
      return;
    }
    pending.notBefore = clock.mono() + waitMs;
    pending.why = result.done ? undefined : result.why;
    this.#waiting.unshift(pending);
  }

  /** When a `set` that failed is tried again; undefined: it is not. */
  #retryMs({ command, tries, state }: Pending, result: WriteResult): number | undefined {
    if (result.done || result.how !== 'failed' || command.mode !== 'set' || state !== 'running') return undefined;
    const isNewer = this.#waiting.some((other) => other.command.point === command.point);
    const waitMs = RETRIES_MS[tries - 1];
    if (waitMs === undefined || isNewer || this.#world.away(this.#device) !== undefined) return undefined;
    return this.#world.clock.mono() + waitMs < command.deadline ? waitMs : undefined;
  }

  #supersede({ command, kind }: Pending): void {
    if (command.mode !== 'set') return;
    const old = this.#waiting.filter(
      (one) =>
        one.command.point === command.point &&
        one.command.mode === 'set' &&
        (one.kind !== 'safety' || kind === 'safety'),
    );
    for (const pending of old) {
      this.#take(pending);
      const why = `a newer command came, by ${command.by}`;
      this.#world.desk.finish(pending, { st: 'superseded', code: 'HB366', why });
    }
  }

  #timeIsOver(pending: Pending): void {
    const { clock, desk, guards } = this.#world;
    if (this.#take(pending)) {
      desk.finish(pending, expired(lateWords(pending)));
      this.pump();
      return;
    }
    pending.cancelTimer = clock.after(OVERTIME_MS, () => {
      const why = `${this.#device} did not answer within the time of the command`;
      guards.end(pending, undefined);
      desk.finish(pending, { st: 'unknown', code: 'HB367', why });
    });
  }

  /** Takes it out of those that wait; false when it is not there. */
  #take(pending: Pending): boolean {
    const at = this.#waiting.indexOf(pending);
    return at >= 0 && this.#waiting.splice(at, 1).length > 0;
  }
}
