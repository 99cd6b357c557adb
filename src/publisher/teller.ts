import type { Message } from '../bus/message.ts';
import type { Quality, Reading, Value } from '../schemes/reading.ts';
import { isWorthTelling } from './change.ts';
import type { Current, News, PointHost, Telling } from './news.ts';
import type { PointOutput } from './point-output.ts';
import { RateCap } from './rate-cap.ts';

const NEVER = Number.POSITIVE_INFINITY;
/** How long until what a full bus refused is tried again. */
const REFUSED_MS = 1_000;
export const STALE_AFTER_PERIODS = 3;

/** Decides when a point is told to the world: first news, change, heartbeat, rate cap, doubt. Times are monotonic ms. */
export class Teller {
  readonly #host: PointHost;
  readonly #output: PointOutput;
  #telling: Telling;
  #newsAt = 0;
  /** How often news is expected, and since when: what was on time before is not late by a new pace. */
  #pace = { periodMs: 0, since: 0 };
  /** It has been called stale; until it is heard again that is not repeated. */
  #isSilent = false;
  readonly #cap = new RateCap();
  #pendingAt = NEVER;
  #told: { readonly value: Value; readonly quality: Quality; readonly at: number } | undefined;
  #reading: Reading | undefined;
  /** The newest reading; undefined before the first good one. */
  current: Current | undefined;

  constructor(host: PointHost, output: PointOutput, telling: Telling) {
    this.#host = host;
    this.#output = output;
    this.#telling = telling;
  }

  /** Good news came in, whatever the filters make of it. */
  heard(): void {
    this.#newsAt = this.#host.outlet.clock.mono();
    this.#isSilent = false;
  }

  tell({ value, quality, why }: News): void {
    const { clock } = this.#host.outlet;
    this.current = { value, quality, ...(why === undefined ? {} : { why }), time: clock.now(), at: clock.mono() };
    this.#judge();
  }

  /** The filters swallowed the news: the heartbeat goes on. */
  beat(): void {
    if (this.#isBeatDue()) this.#judge();
  }

  /** Doubt without a new value: the last good one stays, `$v` tells. */
  spoil(quality: 'bad' | 'stale', why: string): void {
    const { current } = this;
    if (current === undefined || (current.quality === quality && current.why === why)) return;
    this.current = { ...current, quality, why };
    this.#pendingAt = NEVER;
    if (this.#told === undefined) return;
    this.#told = { ...this.#told, quality };
    this.#reading = this.#readingOf({ ...this.current, value: this.#told.value });
    this.#output.sendEnvelope(this.#reading);
  }

  /** Follows another policy; `anew` forgets what was told. */
  follow(telling: Telling, anew: boolean): void {
    if (this.#telling.isRetained && !telling.isRetained) this.#output.clear();
    this.#telling = telling;
    if (anew) {
      this.#told = undefined;
      this.#pendingAt = NEVER;
      this.current = undefined;
    }
    this.#host.onDue();
  }

  /** When `chore` has something to do. */
  dueAt(): number {
    const toldAt = this.#pendingAt < NEVER ? this.#pendingAt : this.#choreBeatAt();
    return Math.min(toldAt, this.#staleAt());
  }

  /** When the chore must tell it again: no read does. */
  #choreBeatAt(): number {
    return this.#host.needsHeartbeats() ? this.#heartbeatAt() : NEVER;
  }

  /** When the point must be told again, changed or not. */
  #heartbeatAt(): number {
    const { policy, isEvent } = this.#telling;
    if (isEvent || policy.everyMs === undefined || this.#told === undefined || !this.isSound()) return NEVER;
    return this.#told.at + policy.everyMs;
  }

  chore(now: number): void {
    if (this.#pendingAt <= now) {
      this.#pendingAt = NEVER;
      this.#judge();
    }
    if (this.#pendingAt === NEVER && this.#choreBeatAt() <= now) this.#judge();
  }

  /** Why the point is stale from now on; undefined while it is not, and when it was said already. */
  silence(now: number): string | undefined {
    if (this.#staleAt() > now) return undefined;
    this.#isSilent = true;
    return `no news for ${Math.round((now - this.#newsAt) / 100) / 10} s`;
  }

  isSound(): boolean {
    return this.current !== undefined && this.current.quality !== 'bad' && this.current.quality !== 'stale';
  }

  /** The envelope for a late listener. */
  envelope(): Message | undefined {
    if (this.#reading === undefined || !this.#telling.isRetained) return undefined;
    return this.#output.envelopeOf(this.#reading, true);
  }

  #judge(): void {
    const now = this.#host.outlet.clock.mono();
    const { current } = this;
    if (current === undefined || !this.#wants(current)) return;
    const freeAt = this.#told === undefined ? now : this.#cap.freeAt(this.#telling.policy.atMostMs);
    if (now < freeAt) this.#wait(freeAt);
    else if (!this.#send(current, now)) this.#wait(now + REFUSED_MS);
  }

  #wait(until: number): void {
    this.#pendingAt = until;
    this.#host.onDue();
  }

  #wants(current: Current): boolean {
    const last = this.#told;
    const { policy, isEvent } = this.#telling;
    if (last === undefined || isEvent || last.quality !== current.quality) return true;
    if (isWorthTelling(last.value, current.value, policy.onChange ?? { absolute: 0 })) return true;
    return this.#isBeatDue();
  }

  #isBeatDue(): boolean {
    const beatAt = this.#heartbeatAt();
    return beatAt < this.#host.horizon() || beatAt <= this.#host.outlet.clock.mono();
  }

  /** False when the bus is full. */
  #send(current: Current, now: number): boolean {
    const reading = this.#readingOf(current);
    const { isRetained, policy } = this.#telling;
    if (!this.#output.send({ reading, retain: isRetained, qos: policy.qos ?? 0 })) return false;
    this.#cap.told(now, policy.atMostMs);
    this.#reading = reading;
    this.#pendingAt = NEVER;
    this.#told = { value: current.value, quality: current.quality, at: now };
    return true;
  }

  #readingOf({ value, quality, why, time }: Current): Reading {
    const { outlet } = this.#host;
    const { unit } = this.#telling;
    return {
      value,
      ...(unit === undefined ? {} : { unit }),
      ...(outlet.isTimeTrusted() ? { time } : {}),
      quality,
      ...(why === undefined ? {} : { why }),
      epoch: outlet.epoch,
      sequence: outlet.nextSequence(),
    };
  }

  #staleAt(): number {
    if (this.#isSilent || !this.isSound() || this.#telling.isEvent) return NEVER;
    const periodMs = this.#host.periodMs();
    if (periodMs !== this.#pace.periodMs) this.#pace = { periodMs, since: this.#host.outlet.clock.mono() };
    return Math.max(this.#newsAt, this.#pace.since) + STALE_AFTER_PERIODS * periodMs;
  }
}
