import type { TimeSyncPort } from '../drivers/ports/ports.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';

export interface BoardClockWorld {
  readonly timeSync: TimeSyncPort;
  readonly clock: Clock;
  readonly log: Log;
}

const ASK_MS = 60_000;
const UNSURE = 'unsure';

/** Knows whether the wall clock of the board can be trusted; asked again each minute. */
export class BoardClock {
  readonly #world: BoardClockWorld;
  #quality = UNSURE;
  #cancel: Cancel = () => undefined;

  constructor(world: BoardClockWorld) {
    this.#world = world;
  }

  /** The source that keeps the clock (`kernel`, `timesyncd`), or `unsure`. */
  get quality(): string {
    return this.#quality;
  }

  /** False while nobody has set the clock: readings then carry no time. */
  get isTrusted(): boolean {
    return this.#quality !== UNSURE;
  }

  /** Asks now and goes on asking; `onChange` hears of each new quality but the first. */
  async start(onChange: () => void): Promise<void> {
    this.#quality = await this.#ask();
    this.#again(onChange);
  }

  stop(): void {
    this.#cancel();
    this.#again = () => undefined;
  }

  #again = (onChange: () => void): void => {
    this.#cancel = this.#world.clock.after(ASK_MS, () => void this.#look(onChange));
  };

  async #look(onChange: () => void): Promise<void> {
    const before = this.#quality;
    this.#quality = await this.#ask();
    if (this.#quality !== before) onChange();
    this.#again(onChange);
  }

  async #ask(): Promise<string> {
    const { timeSync, log } = this.#world;
    try {
      const { synced, source } = await timeSync.state();
      return synced ? source : UNSURE;
    } catch (error) {
      log.debug('the state of the clock is unknown', { reason: reasonOf(error) });
      return UNSURE;
    }
  }
}
