import type { Ports } from '../drivers/ports/ports.ts';
import { makeSimulatedCamera } from '../drivers/ports/simulated/camera.ts';
import { makeSimulatedGpio } from '../drivers/ports/simulated/gpio.ts';
import { makeSimulatedI2c } from '../drivers/ports/simulated/i2c.ts';
import { makeSimulatedPwm } from '../drivers/ports/simulated/pwm.ts';
import { makeSimulatedSerial } from '../drivers/ports/simulated/serial.ts';
import { makeSimulatedFiles } from '../drivers/ports/simulated-files.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import { Unavailable } from '../kit/errors.ts';
import { Cables } from './cables.ts';
import { Chips } from './chips.ts';
import type { Fault } from './faults.ts';
import { houseAt } from './house.ts';
import { SimulatedBoard } from './simulated-board.ts';
import { soilAfter } from './soil.ts';
import { Wires } from './wires.ts';

export interface DemoOptions {
  readonly clock: Clock;
  /** How many times faster than real time the days of the house go. */
  readonly speed: number;
  readonly onFault?: (fault: Fault, begins: boolean) => void;
  /** What a visitor of the house would see: "the pump runs". */
  readonly onNews?: (text: string) => void;
  /** Where the camera puts its pictures. */
  readonly pictures?: string;
}

/** The ports of the simulated board, kept moving until stopped. */
export interface DemoPorts {
  readonly ports: Ports;
  readonly stop: () => void;
}

const STEP_MS = 1_000;
const CARD = { size: 31_268_536_320, free: 21_400_000_000, available: 20_100_000_000 };
/** The bed is rather dry when a visitor comes, %. */
const FIRST_MOISTURE = 31;
/** What the lamp adds at the window, lx. */
const LAMP_LX = 250;

/** A Raspberry Pi that is not there: the same agents and drivers see it as they would see a real one. */
export function makeDemoPorts({ clock, speed, onFault, onNews = () => undefined, pictures }: DemoOptions): DemoPorts {
  const hardware = makeHardware(clock);
  const { files, gpio, i2c, serial } = hardware;
  const board = new SimulatedBoard(files, onFault);
  const wires = new Wires({ clock, gpio, onNews });
  const cables = new Cables({ clock, serial, onNews });
  hardware.pwm.onTone((_place, hz) => onNews(hz > 0 ? `the chime plays ${hz} Hz` : 'the chime is silent'));
  const chips = new Chips(clock, i2c);
  const start = { wall: clock.now(), mono: clock.mono() };
  let moisture = FIRST_MOISTURE;
  let light = 0;
  let cancel: Cancel = () => undefined;
  const step = (): void => {
    const runMs = clock.mono() - start.mono;
    const now = start.wall + runMs * speed;
    const house = houseAt(now);
    light = house.light;
    moisture = soilAfter(moisture, { realMs: STEP_MS, houseMs: STEP_MS * speed, isPumping: wires.isPumping });
    board.step(STEP_MS, runMs, now, wires.isLampOn ? LAMP_LX : 0);
    wires.step(STEP_MS, runMs, 250 + 2_400 * house.work);
    cables.step(STEP_MS, runMs, now, house);
    chips.step(house, moisture);
    cancel = clock.after(STEP_MS, step);
  };
  step();
  const stop = () => {
    cancel();
    wires.stop();
    cables.stop();
  };
  const folder = pictures === undefined ? {} : { folder: pictures };
  return { ports: { ...hardware, camera: makeSimulatedCamera({ light: () => light / 9_000, ...folder }) }, stop };
}

function makeHardware(clock: Clock) {
  return {
    files: makeSimulatedFiles({ spaces: new Map([['/', [CARD.size, CARD.free, CARD.available]]]) }),
    gpio: makeSimulatedGpio({ clock }),
    i2c: makeSimulatedI2c(clock),
    process: {
      run: async (program: string) => {
        throw new Unavailable(`the simulated board has no ${program}`);
      },
    },
    pwm: makeSimulatedPwm(),
    serial: makeSimulatedSerial(clock),
    timeSync: { state: async () => ({ synced: true, errorMs: 1, source: 'simulated' }) },
  };
}
