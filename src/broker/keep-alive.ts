import type { Cancel, Clock } from '../kit/clock.ts';

/** [MQTT-3.1.2-22]: one and a half times the keep alive without a packet is too long. */
const PATIENCE = 1.5;

/** Watches that something is heard in time: CONNECT, then any packet. One timer, moved on when it fires. */
export class KeepAlive {
  readonly #clock: Clock;
  #heardAt = 0;
  #cancel: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hear(): void {
    this.#heardAt = this.#clock.mono();
  }

  /** Until `watch` or `stop`, within `limitMs`, whatever is heard. */
  expect(limitMs: number, onSilence: () => void): void {
    this.#cancel = this.#clock.after(limitMs, onSilence);
  }

  /** Nothing is expected any more but this. `keepAliveMs`: 0 for no limit. */
  watch(keepAliveMs: number, onSilence: () => void): void {
    this.stop();
    this.hear();
    if (keepAliveMs > 0) this.#wait(keepAliveMs * PATIENCE, onSilence);
  }

  stop(): void {
    this.#cancel?.();
  }

  #wait(limitMs: number, onSilence: () => void): void {
    const left = this.#heardAt + limitMs - this.#clock.mono();
    if (left <= 0) onSilence();
    else this.#cancel = this.#clock.after(left, () => this.#wait(limitMs, onSilence));
  }
}
