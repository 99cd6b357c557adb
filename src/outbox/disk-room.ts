import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { OutboxFiles } from './outbox-files.ts';

/** `low`: history should stop; `scarce`: lazy items stay in memory. */
export type RoomLevel = 'ok' | 'low' | 'scarce';

export interface DiskRoomOptions {
  readonly files: OutboxFiles;
  readonly folder: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly onLevel: () => void;
}

const LOW_BYTES = 100_000_000;
const SCARCE_BYTES = 50_000_000;
const LOOK_MS = 30_000;

/** How much of the disk is free, looked at from time to time. */
export class DiskRoom {
  level: RoomLevel = 'ok';
  freeBytes: number | undefined;
  readonly #options: DiskRoomOptions;
  #cancel: () => void = () => undefined;
  #isStopped = false;

  constructor(options: DiskRoomOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.look();
    this.#again();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** Never throws: a disk that does not tell is taken for one with room. */
  async look(): Promise<void> {
    const { files, folder, log, onLevel } = this.#options;
    this.freeBytes = await files.free(folder).catch(() => undefined);
    const before = this.level;
    this.level = levelOf(this.freeBytes);
    if (this.level === before) return;
    if (this.level === 'ok') log.info('the disk has room again', { path: folder, free: this.freeBytes });
    else log.warn('the disk is nearly full', { code: 'HB375', path: folder, free: this.freeBytes, level: this.level });
    onLevel();
  }

  #again(): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(LOOK_MS, () => void this.look().then(() => this.#again()));
  }
}

function levelOf(free: number | undefined): RoomLevel {
  if (free === undefined || free >= LOW_BYTES) return 'ok';
  return free >= SCARCE_BYTES ? 'low' : 'scarce';
}
