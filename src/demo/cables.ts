import { Cm11aModel } from '../drivers/ports/simulated/cm11a.ts';
import type { SimulatedSerial } from '../drivers/ports/simulated/serial.ts';
import type { Clock } from '../kit/clock.ts';
import { type House, noise } from './house.ts';

/** X10 codes of the demo: houses and functions that a visitor meets. */
const LAMPS: Readonly<Record<number, string>> = { 102: 'A1', 110: 'A2' };
const FUNCTIONS: Readonly<Record<number, string>> = { 2: 'on', 3: 'off' };
/** Somebody uses the remote control; ms of real time. */
const REMOTE = { everyMs: 240_000, atMs: 100_000 } as const;
const WEATHER_MS = 5_000;
const [WEATHER, X10] = ['/dev/ttyACM0', '/dev/ttyUSB0'];
/** Somebody trips over the cable of the weather station; ms of real time. */
const TRIP = { everyMs: 14 * 60_000, atMs: 11 * 60_000, lastsMs: 40_000 } as const;

export interface CablesWorld {
  readonly clock: Clock;
  readonly serial: SimulatedSerial;
  readonly onNews: (text: string) => void;
}

/** What is plugged in: an Arduino with a weather station, and a CM11A with two lamps. */
export class Cables {
  readonly #world: CablesWorld;
  readonly #x10: Cm11aModel;
  #say: ((bytes: Uint8Array) => void) | undefined;
  #isOut = false;

  constructor(world: CablesWorld) {
    const { clock, serial, onNews } = world;
    this.#world = world;
    this.#x10 = new Cm11aModel(clock);
    serial.plug(X10, this.#x10);
    this.#plugWeather();
    this.#x10.onSent((address, code) => {
      const lamp = LAMPS[address] ?? 'another X10 lamp';
      const word = FUNCTIONS[code & 0x0f] ?? 'told something';
      onNews(`X10 lamp ${lamp} is ${word}`);
    });
  }

  /** One step of `ms`, `runMs` after the start, at `now` of the house. */
  step(ms: number, runMs: number, now: number, house: House): void {
    if (runMs % WEATHER_MS < ms) this.#print(this.#weather(now, house));
    this.#trip((runMs % TRIP.everyMs) - TRIP.atMs);
    const within = (runMs % REMOTE.everyMs) - REMOTE.atMs;
    if (within < 0 || within >= ms || !this.#x10.isOpen) return;
    this.#world.onNews('somebody presses A2 on on the remote control');
    this.#x10.receive(0b10, [0x6e, 0x62]);
  }

  /** `within`: ms since the cable was pulled. */
  #trip(within: number): void {
    const isOut = within >= 0 && within < TRIP.lastsMs;
    if (isOut === this.#isOut) return;
    this.#isOut = isOut;
    this.#world.onNews(
      isOut ? 'the cable of the weather station is pulled' : 'the cable of the weather station is back',
    );
    if (isOut) this.#world.serial.unplug(WEATHER);
    else this.#plugWeather();
  }

  #plugWeather(): void {
    this.#world.serial.plug(WEATHER, {
      opened: (say) => {
        this.#say = say;
        this.#print('weather station ready');
      },
      hear: () => undefined,
      closed: () => {
        this.#say = undefined;
      },
    });
  }

  stop(): void {
    this.#x10.closed();
  }

  #weather(now: number, { outside }: House): string {
    const wind = Math.max(0, 3.2 + 2.6 * noise(now, 40_000, 21));
    const direction = Math.round(220 + 60 * noise(now, 600_000, 22)) % 360;
    const rain = noise(now, 3_600_000, 23) > 0.4 ? 0.2 : 0;
    const humidity = Math.round(78 + 15 * noise(now, 900_000, 24));
    return `T=${outside.toFixed(1)} H=${humidity} W=${wind.toFixed(1)} D=${direction} R=${rain.toFixed(1)}`;
  }

  #print(line: string): void {
    this.#say?.(new TextEncoder().encode(`${line}\r\n`));
  }
}
