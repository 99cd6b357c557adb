import type { SimulatedGpio } from '../drivers/ports/simulated/gpio.ts';
import type { Cancel, Clock } from '../kit/clock.ts';

export interface WiresWorld {
  readonly clock: Clock;
  readonly gpio: SimulatedGpio;
  /** What a visitor of the house would see or hear. */
  readonly onNews: (text: string) => void;
}

/** What hangs on the lines, by their numbers. Line 17 carries the pump, or the bell push when it is an input. */
const LINE = { pir: 4, pump: 17, bell: 17, chime: 18, button: 22, meter: 23, lamp: 27 } as const;
const OUTPUTS: Readonly<Record<number, readonly [on: string, off: string]>> = {
  [LINE.pump]: ['the pump runs', 'the pump stops'],
  [LINE.chime]: ['the chime sounds', 'the chime is silent'],
  [LINE.lamp]: ['the lamp is on', 'the lamp is off'],
};

/** Somebody does something now and then; ms of real time. */
interface Habit {
  readonly line: number;
  readonly everyMs: number;
  readonly atMs: number;
  readonly lastsMs: number;
  /** The level while it lasts. */
  readonly high: boolean;
  readonly about: string;
}

const HABITS: readonly Habit[] = [
  {
    line: LINE.pir,
    everyMs: 75_000,
    atMs: 20_000,
    lastsMs: 6_000,
    high: true,
    about: 'somebody walks through the hall',
  },
  { line: LINE.button, everyMs: 60_000, atMs: 15_000, lastsMs: 200, high: false, about: 'somebody presses the button' },
  { line: LINE.bell, everyMs: 90_000, atMs: 30_000, lastsMs: 400, high: false, about: 'somebody rings at the door' },
];
/** Pulses for one kWh, and how long one lasts. */
const [PER_KWH, PULSE_MS] = [1_000, 40];
const KWH_MS = 3_600_000_000;

/** The lines of the demo's board: people press and ring, the meter counts, and what is switched is told. */
export class Wires {
  readonly #world: WiresWorld;
  readonly #isOn = new Set<number>();
  #cancelPulse: Cancel = () => undefined;
  readonly #releases = new Set<Cancel>();
  #watts = 300;

  constructor(world: WiresWorld) {
    this.#world = world;
    world.gpio.onOutput((line, high) => this.#switched(line, high));
    world.gpio.drive(LINE.pir, false);
    this.#nextPulse();
  }

  get isPumping(): boolean {
    return this.#world.gpio.use(LINE.pump) === 'out' && this.#world.gpio.level(LINE.pump);
  }

  get isLampOn(): boolean {
    return this.#isOn.has(LINE.lamp);
  }

  /** One step of `ms`, `runMs` after the start; `watts` is what the house draws. */
  step(ms: number, runMs: number, watts: number): void {
    this.#watts = watts;
    for (const habit of HABITS) {
      const within = (runMs % habit.everyMs) - habit.atMs;
      if (within >= 0 && within < ms) this.#do(habit);
    }
  }

  stop(): void {
    this.#cancelPulse();
    for (const cancel of this.#releases) cancel();
    this.#releases.clear();
  }

  #do({ line, lastsMs, high, about }: Habit): void {
    const { gpio, onNews } = this.#world;
    if (gpio.use(line) !== 'in') return;
    onNews(about);
    gpio.drive(line, high);
    this.#later(lastsMs, () => gpio.drive(line, line === LINE.pir ? false : undefined));
  }

  #switched(line: number, high: boolean): void {
    const [on, off] = OUTPUTS[line] ?? [];
    // An output that begins as it is at rest is no news.
    if (on === undefined || off === undefined || high === this.#isOn.has(line)) return;
    if (high) this.#isOn.add(line);
    else this.#isOn.delete(line);
    this.#world.onNews(high ? on : off);
  }

  #nextPulse(): void {
    const { clock, gpio } = this.#world;
    this.#cancelPulse = clock.after(KWH_MS / PER_KWH / this.#watts, () => {
      if (gpio.use(LINE.meter) === 'in') {
        gpio.drive(LINE.meter, false);
        this.#later(PULSE_MS, () => gpio.drive(LINE.meter, undefined));
      }
      this.#nextPulse();
    });
  }

  #later(ms: number, task: () => void): void {
    const cancel = this.#world.clock.after(ms, () => {
      this.#releases.delete(cancel);
      task();
    });
    this.#releases.add(cancel);
  }
}
