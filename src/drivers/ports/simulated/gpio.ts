import type { Cancel, Clock } from '../../../kit/clock.ts';
import { Unavailable } from '../../../kit/errors.ts';
import { findLine } from '../find-line.ts';
import type { LineRequest, LineWatcher, OpenLine } from '../gpio-line.ts';
import { LineWatch } from '../line-watch.ts';
import type { GpioChip, GpioLine, GpioPort } from '../ports.ts';

export interface SimulatedGpioOptions {
  readonly clock: Clock;
  /** Default: a Raspberry Pi 4 with 58 lines. */
  readonly label?: string;
  readonly lines?: number;
}

/** One chip with lines that a test or the demo drives and watches from outside. Levels are those of the wire: true is high. */
export interface SimulatedGpio extends GpioPort {
  /** Puts a level on the wire; undefined lets go of it, and the resistor decides. */
  drive(offset: number, high: boolean | undefined): void;
  level(offset: number): boolean;
  /** What it was requested for; undefined while nobody has it. */
  use(offset: number): 'in' | 'out' | undefined;
  /** Hears each change of a wire that an output causes, also by being requested. */
  onOutput(hear: (offset: number, high: boolean) => void): void;
  /** Somebody else has the line from now on; undefined: nobody. */
  occupy(offset: number, consumer: string | undefined): void;
  /** The chip is pulled out: open lines fail, none opens. */
  unplug(): void;
  plug(): void;
}

interface Wire {
  driven: boolean | undefined;
  output: boolean | undefined;
  bias: LineRequest['bias'];
  consumer: string;
  line: SimulatedLine | undefined;
}

const DEVICE = 'gpiochip0';

export function makeSimulatedGpio({
  clock,
  label = 'pinctrl-bcm2711',
  lines = 58,
}: SimulatedGpioOptions): SimulatedGpio {
  const wires = Array.from({ length: lines }, newWire);
  const watchers: ((offset: number, high: boolean) => void)[] = [];
  let isPlugged = true;
  const wireOf = (offset: number): Wire => {
    const wire = wires[offset];
    if (wire === undefined) throw new RangeError(`the simulated chip has no line ${offset}`);
    return wire;
  };
  const chip = async (device: string): Promise<GpioChip> => {
    if (!isPlugged || device !== DEVICE) throw new Unavailable(`cannot open /dev/${device}: there is no such chip`);
    return { device, label, lines: wires.map(lineFacts) };
  };
  return {
    chip,
    request: async (request) => {
      const { offset } = await findLine({ chip }, isPlugged ? [DEVICE] : [], request.line);
      const wire = wireOf(offset);
      if (wire.consumer !== '' || wire.line !== undefined) {
        const who = wire.consumer === '' ? 'hanbus' : wire.consumer;
        throw new Unavailable(`${request.line} is used by ${who}`, { code: 'HB104', fix: 'hanbus scan' });
      }
      const tell = (high: boolean) => {
        for (const hear of watchers) hear(offset, high);
      };
      wire.line = new SimulatedLine({ clock, request, wire, tell });
      return wire.line;
    },
    drive: (offset, high) => {
      const wire = wireOf(offset);
      const before = levelOf(wire);
      wire.driven = high;
      if (levelOf(wire) !== before) wire.line?.changed();
    },
    level: (offset) => levelOf(wireOf(offset)),
    use: (offset) => wireOf(offset).line?.direction,
    onOutput: (hear) => void watchers.push(hear),
    occupy: (offset, consumer) => {
      wireOf(offset).consumer = consumer ?? '';
    },
    unplug: () => {
      isPlugged = false;
      for (const { line } of wires) line?.lose();
    },
    plug: () => {
      isPlugged = true;
    },
  };
}

function newWire(): Wire {
  return { driven: undefined, output: undefined, bias: undefined, consumer: '', line: undefined };
}

function levelOf({ output, driven, bias }: Wire): boolean {
  return output ?? driven ?? bias === 'up';
}

function lineFacts(wire: Wire, offset: number): GpioLine {
  const consumer = wire.line === undefined ? wire.consumer : 'hanbus';
  const direction = wire.output === undefined ? 'in' : 'out';
  return { offset, name: `GPIO${offset}`, consumer, used: consumer !== '', direction };
}

interface LineParts {
  readonly clock: Clock;
  readonly request: LineRequest;
  readonly wire: Wire;
  tell(high: boolean): void;
}

class SimulatedLine implements OpenLine {
  readonly #parts: LineParts;
  #watch: LineWatch | undefined;
  #told: boolean;
  #settling: Cancel = () => undefined;
  #gone: string | undefined;

  constructor(parts: LineParts) {
    const { request, wire } = parts;
    this.#parts = parts;
    wire.bias = request.bias ?? wire.bias;
    if (request.direction === 'in') wire.output = undefined;
    else this.#put(this.#initial());
    this.#told = this.#logical();
  }

  get direction(): 'in' | 'out' {
    return this.#parts.request.direction;
  }

  async read(): Promise<boolean> {
    this.#refuseGone();
    return this.#logical();
  }

  async write(active: boolean): Promise<void> {
    this.#refuseGone();
    this.#put(active !== (this.#parts.request.activeLow === true));
  }

  watch(watcher: LineWatcher): void {
    this.#watch = new LineWatch(this.#parts.clock, watcher);
  }

  /** The level of the wire is another one. */
  changed(): void {
    const { clock, request } = this.#parts;
    this.#settling();
    const { debounceMs = 0 } = request;
    if (debounceMs === 0) this.#news();
    else this.#settling = clock.after(debounceMs, () => this.#news());
  }

  lose(): void {
    this.#gone = 'its chip is gone';
    this.#watch?.fail(new Unavailable(`${this.#parts.request.line} is gone`));
    void this.close();
  }

  async close(): Promise<void> {
    this.#gone ??= 'it was closed';
    this.#settling();
    this.#watch?.end();
    // An output keeps its level, as the chips of a Raspberry Pi do.
    if (this.#parts.wire.line === this) this.#parts.wire.line = undefined;
  }

  #news(): void {
    const active = this.#logical();
    if (active === this.#told) return;
    this.#told = active;
    this.#watch?.edge({ active, atMs: this.#parts.clock.mono(), lost: 0 });
  }

  #initial(): boolean {
    const { initial = 'keep', activeLow = false } = this.#parts.request;
    return initial === 'keep' ? (this.#parts.wire.output ?? activeLow) : initial !== activeLow;
  }

  #put(high: boolean): void {
    const isNew = this.#parts.wire.output !== high;
    this.#parts.wire.output = high;
    if (isNew) this.#parts.tell(high);
  }

  #logical(): boolean {
    return levelOf(this.#parts.wire) !== (this.#parts.request.activeLow === true);
  }

  #refuseGone(): void {
    if (this.#gone !== undefined) throw new Unavailable(`${this.#parts.request.line} does not answer: ${this.#gone}`);
  }
}
