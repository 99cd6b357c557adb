import type { Ports } from '../drivers/ports/ports.ts';
import { makeSimulatedGpio } from '../drivers/ports/simulated/gpio.ts';
import { makeSimulatedI2c } from '../drivers/ports/simulated/i2c.ts';
import { makeSimulatedSerial } from '../drivers/ports/simulated/serial.ts';
import { makeSimulatedFiles } from '../drivers/ports/simulated-files.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import { Unavailable } from '../kit/errors.ts';
import type { Fault } from './faults.ts';
import { SimulatedBoard } from './simulated-board.ts';

export interface DemoOptions {
  readonly clock: Clock;
  /** How many times faster than real time the days of the house go. */
  readonly speed: number;
  readonly onFault?: (fault: Fault, begins: boolean) => void;
}

/** The ports of the simulated board, kept moving until stopped. */
export interface DemoPorts {
  readonly ports: Ports;
  readonly stop: () => void;
}

const STEP_MS = 1_000;
const CARD = { size: 31_268_536_320, free: 21_400_000_000, available: 20_100_000_000 };

/** A Raspberry Pi that is not there: the same agents and drivers see it as they would see a real one. */
export function makeDemoPorts({ clock, speed, onFault }: DemoOptions): DemoPorts {
  const files = makeSimulatedFiles({ spaces: new Map([['/', [CARD.size, CARD.free, CARD.available]]]) });
  const board = new SimulatedBoard(files, onFault);
  const start = { wall: clock.now(), mono: clock.mono() };
  let cancel: Cancel = () => undefined;
  const step = (): void => {
    const runMs = clock.mono() - start.mono;
    board.step(STEP_MS, runMs, start.wall + runMs * speed);
    cancel = clock.after(STEP_MS, step);
  };
  step();
  const nothing = async (what: string): Promise<never> => {
    throw new Unavailable(`the simulated board has no ${what}`);
  };
  const ports: Ports = {
    files,
    gpio: makeSimulatedGpio({ clock }),
    i2c: makeSimulatedI2c(clock),
    process: { run: async (program) => await nothing(program) },
    serial: makeSimulatedSerial(clock),
    timeSync: { state: async () => ({ synced: true, errorMs: 1, source: 'simulated' }) },
  };
  return { ports, stop: () => cancel() };
}
