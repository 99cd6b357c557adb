import type { SimulatedFiles } from '../drivers/ports/simulated-files.ts';
import { type Fault, faultsAt } from './faults.ts';
import { houseAt } from './house.ts';
import { type Counters, count, liveFiles, NO_COUNTS } from './live-files.ts';
import { STILL_FILES, STILL_LINKS } from './still-files.ts';

/** The board of the demo: its files follow the house, and things go wrong on schedule. */
export class SimulatedBoard {
  readonly #files: SimulatedFiles;
  readonly #onFault: (fault: Fault, begins: boolean) => void;
  #counters: Counters = { ...NO_COUNTS, upMs: 3_600_000 };
  #active: readonly Fault[] = [];

  constructor(files: SimulatedFiles, onFault: (fault: Fault, begins: boolean) => void = () => undefined) {
    this.#files = files;
    this.#onFault = onFault;
    this.#lay(() => true);
  }

  /** One step: `ms` since the last one, `runMs` since the start, `now` in the time of the house; `lampLx` from a lamp. */
  step(ms: number, runMs: number, now: number, lampLx = 0): void {
    const calm = houseAt(now);
    const house = { ...calm, light: calm.light + lampLx };
    this.#counters = count(this.#counters, house, ms);
    const before = this.#active;
    this.#active = faultsAt(runMs);
    for (const fault of before.filter((one) => !this.#active.includes(one))) this.#end(fault);
    const isTouched = (path: string) => this.#active.some((fault) => touches(fault, path));
    for (const [path, text] of Object.entries(liveFiles(house, this.#counters))) {
      if (!isTouched(path)) this.#files.set(path, text);
    }
    for (const fault of this.#active) this.#play(fault, !before.includes(fault));
  }

  #play(fault: Fault, begins: boolean): void {
    for (const [path, text] of Object.entries(fault.files ?? {})) this.#files.set(path, text);
    if (!begins) return;
    for (const path of fault.remove ?? []) this.#files.remove(path);
    for (const path of fault.fail ?? []) this.#files.fail(path, 'EIO');
    this.#onFault(fault, true);
  }

  #end(fault: Fault): void {
    this.#lay((path) => touches(fault, path));
    this.#onFault(fault, false);
  }

  /** Puts the still files and links that `isWanted` (again). */
  #lay(isWanted: (path: string) => boolean): void {
    for (const [path, text] of Object.entries(STILL_FILES)) if (isWanted(path)) this.#files.set(path, text);
    for (const [path, target] of Object.entries(STILL_LINKS)) if (isWanted(path)) this.#files.point(path, target);
  }
}

function touches({ remove = [], fail = [], files = {} }: Fault, path: string): boolean {
  return path in files || fail.includes(path) || remove.some((root) => path === root || path.startsWith(`${root}/`));
}
