import type { Clock } from '../kit/clock.ts';
import type { Command } from '../schemes/command.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { Value } from '../schemes/reading.ts';
import type { Crowd } from './crowd.ts';
import type { Desk } from './desk.ts';
import type { DryRun } from './dry-run.ts';
import type { GuardBook } from './guard-book.ts';
import type { IdBook, KnownId } from './id-book.ts';
import type { KnownPoints } from './known-points.ts';
import type { Lane } from './lane.ts';
import type { Pending } from './pending.ts';
import { readValue } from './read-value.ts';
import { isRefusal, type Refusal, rejected, unreachable } from './refusal.ts';
import type { Submission } from './submission.ts';
import { timeLeft } from './time-left.ts';
import { whatOf } from './what-of.ts';

export interface AdmissionWorld {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly guards: GuardBook;
  readonly ids: IdBook;
  readonly known: KnownPoints;
  readonly crowd: Crowd;
  readonly laneOf: (device: string) => Lane;
  readonly isTimeTrusted: () => boolean;
}

/** Decides whether a command is taken. */
export class Admission {
  readonly #world: AdmissionWorld;
  #isClosed = false;

  constructor(world: AdmissionWorld) {
    this.#world = world;
  }

  /** Takes no more. */
  close(): void {
    this.#isClosed = true;
  }

  submit(submission: Submission): void {
    this.#world.desk.received();
    if (this.tellAgain(submission)) return;
    const command = this.#check(submission);
    if (isRefusal(command)) this.refuse(submission, command);
    else this.#accept(submission, command);
  }

  /** What would become of it now; nothing is done. */
  dryRun(submission: Submission): DryRun | Refusal {
    const command = this.#check(submission);
    if (isRefusal(command)) return command;
    const verdict = this.#world.guards.judge(this.#pendingOf(submission, command));
    if (verdict.do === 'refuse') return verdict.refusal;
    return { value: command.value, ...(verdict.do === 'wait' && { why: verdict.why }) };
  }

  /** Why a command to several points comes too late for all of them, or is one too many. */
  refusalOfAll(submission: Submission): Refusal | undefined {
    return this.#isLate(submission) ?? this.#world.crowd.ofSender(submission);
  }

  /** Refuses, and answers the same when a command with this id comes again. */
  refuse(submission: Submission, { st, code, why }: Refusal): void {
    const { clock, desk, ids } = this.#world;
    const { id, isNamed, reply, onEnd } = submission;
    const ack = { id, st, code, why };
    if (isNamed && ids.get(id) === undefined) {
      const what = whatOf(submission);
      ids.add({ id, what, isOnce: false, at: clock.mono(), ack, pending: undefined });
    }
    desk.note(submission, ack);
    desk.refuse(submission, ack, reply);
    onEnd?.(ack);
  }

  /** Tells the first outcome of a command that was given before; nothing is done. False: it is a new one. */
  tellAgain(submission: Submission): boolean {
    const known = this.#world.ids.get(submission.id);
    if (known !== undefined) this.#tellKnown(submission, known);
    return known !== undefined;
  }

  #tellKnown(submission: Submission, known: KnownId): void {
    const { desk } = this.#world;
    const { id, reply, onEnd } = submission;
    if (known.what !== whatOf(submission)) {
      this.refuse(submission, rejected('HB352', `the id ${id} was used for another command before`));
      return;
    }
    const { pending } = known;
    if (pending !== undefined) {
      if (reply !== undefined && pending.replies.length < 4) pending.replies.push(reply);
      desk.say(submission, known.ack);
      return;
    }
    const ack = { code: 'HB352', why: 'it was given before; nothing is done again', ...known.ack };
    desk.say(submission, ack, reply === undefined ? [] : [reply]);
    onEnd?.(ack);
  }

  #check(submission: Submission): Command | Refusal {
    const { crowd, known } = this.#world;
    const { device, point, wish } = submission;
    if (this.#isClosed) return unreachable('the node stops');
    // What comes too late is too late whatever else is wrong, so it is told the same after a restart.
    const late = wish.mode === 'once' ? this.#isLate(submission) : undefined;
    if (late !== undefined) return late;
    const tooMany = crowd.ofSender(submission);
    if (tooMany !== undefined) return tooMany;
    const spec = known.find(device, point);
    if (isRefusal(spec)) return spec;
    const away = known.away(device);
    if (away !== undefined) return away;
    const value = readValue(spec, wish.v);
    const tooOften = crowd.ofPoint(submission, spec);
    if (tooOften !== undefined) return tooOften;
    return 'refusal' in value ? value.refusal : this.#timed(submission, spec, value.value);
  }

  #isLate(submission: Submission): Refusal | undefined {
    const left = timeLeft(this.#world, submission, submission.wish.mode ?? 'set');
    return typeof left === 'number' ? undefined : left;
  }

  #timed(submission: Submission, spec: PointSpec, value: Value): Command | Refusal {
    const { clock, crowd } = this.#world;
    const { id, device, point, wish, origin } = submission;
    const mode = crowd.modeOf(submission, spec);
    const left = timeLeft(this.#world, submission, mode);
    if (typeof left !== 'number') return left;
    const by = wish.by ?? origin;
    const timed = wish.forMs === undefined ? {} : { forMs: wish.forMs };
    return { id, device, point, value, mode, deadline: clock.mono() + left, origin, by, ...timed };
  }

  #pendingOf(submission: Submission, command: Command): Pending {
    const { clock } = this.#world;
    const { kind, reply, packet, onEnd } = submission;
    return {
      ...{ command, kind, replies: reply === undefined ? [] : [reply], receivedAt: clock.mono(), wallAt: clock.now() },
      ...(packet !== undefined && { packet }),
      ...{ what: whatOf(submission), state: 'received', tries: 0, notBefore: 0, why: undefined, isNoted: false },
      ...{ cancelTimer: () => undefined, onEnd },
    };
  }

  #accept(submission: Submission, command: Command): void {
    const { clock, desk, guards, ids, laneOf } = this.#world;
    const { kind } = submission;
    const lane = laneOf(command.device);
    const pending = this.#pendingOf(submission, command);
    const verdict = guards.judge(pending);
    const isFull = lane.isFull && kind === 'command';
    const full = isFull ? rejected('HB360', `too many commands wait for ${command.device}`) : undefined;
    const refusal = verdict.do === 'refuse' ? verdict.refusal : full;
    if (refusal !== undefined) {
      this.refuse(submission, refusal);
      return;
    }
    const { id, mode } = command;
    const ack = { id, st: 'accepted' as const };
    ids.add({ id, what: whatOf(submission), isOnce: mode === 'once', at: clock.mono(), ack, pending });
    desk.progress(pending, 'accepted');
    lane.add(pending);
  }
}
