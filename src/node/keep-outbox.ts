import { join } from 'node:path';
import { startOutboxPage } from '../bridge/outbox-page.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { openOutbox } from '../outbox/open-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Problem } from '../schemes/problem.ts';
import type { FlashSource } from '../state/flash-budget.ts';

export interface OutboxWorld {
  readonly node: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the node keeps what it remembers. */
  readonly dataFolder: string;
}

/** The outbox of the node, opened when the first destination needs it: without one it costs nothing. */
export class OutboxKeeper {
  readonly #world: OutboxWorld;
  #opening: Promise<Outbox> | undefined;
  #open: Outbox | undefined;
  #endPage: () => void = () => undefined;

  constructor(world: OutboxWorld) {
    this.#world = world;
  }

  /** Throws HB125 when another process has it and HB129 when a newer hanbus wrote it. */
  get(): Promise<Outbox> {
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  /** For the flash budget. */
  readonly source: FlashSource = {
    name: 'outbox',
    written: () => this.#open?.status.written ?? { times: 0, bytes: 0, syncs: 0 },
  };

  problems(): readonly Problem[] {
    const { state, why = 'the disk refuses' } = this.#open?.status ?? { state: 'ok' };
    if (state !== 'failed') return [];
    const message = `what waits for other brokers is kept in memory only: ${why}`;
    return [{ code: 'HB371', severity: 'warning', message, fix: `df -h ${this.#world.dataFolder}` }];
  }

  async close(): Promise<void> {
    this.#endPage();
    await (await this.#opening)?.close();
  }

  async #begin(): Promise<Outbox> {
    const { dataFolder, clock, log } = this.#world;
    const outbox = await openOutbox({ path: join(dataFolder, 'outbox'), clock, log: log.child({ service: 'outbox' }) });
    this.#open = outbox;
    this.#endPage = startOutboxPage({ ...this.#world, outbox });
    return outbox;
  }
}
