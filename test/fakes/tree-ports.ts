import type { DriverContext } from '../../src/drivers/driver.ts';
import type { CameraPort } from '../../src/drivers/ports/camera-shot.ts';
import type { GpioPort, Ports } from '../../src/drivers/ports/ports.ts';
import { makeSimulatedI2c } from '../../src/drivers/ports/simulated/i2c.ts';
import { makeSimulatedPwm } from '../../src/drivers/ports/simulated/pwm.ts';
import { makeSimulatedSerial } from '../../src/drivers/ports/simulated/serial.ts';
import { makeTimeSyncPort } from '../../src/drivers/ports/time-sync.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import { makeFakeClock } from './clock.ts';
import { makeFakeLog } from './log.ts';
import { type TreeFiles, treeFiles, treeProcess } from './tree.ts';

export interface TreePorts extends Ports {
  readonly files: TreeFiles;
}

const camera: CameraPort = {
  shoot: async () => {
    throw new Unavailable('there is no camera in this tree');
  },
};

const noGpio: GpioPort = {
  chip: async (device) => {
    throw new Unavailable(`there is no ${device} in this tree`);
  },
  request: async ({ line }) => {
    throw new Unavailable(`there is no ${line} in this tree`);
  },
};

/** All ports of `test/trees/<board>`; the kernel's clock cannot be asked there, and nothing hangs on a bus or a cable. */
export function treePorts(board: string, gpio: GpioPort = noGpio): TreePorts {
  const [files, process] = [treeFiles(board), treeProcess(board)];
  const load = async () => {
    throw new Unavailable('no koffi in a tree', { code: 'HB144' });
  };
  const clock = makeFakeClock();
  const wires = { i2c: makeSimulatedI2c(clock, []), pwm: makeSimulatedPwm(0), serial: makeSimulatedSerial(clock) };
  return { camera, files, gpio, process, ...wires, timeSync: makeTimeSyncPort({ files, process, load }) };
}

/** What `open` of a driver gets, on these ports. */
export function driverContext(ports: Ports): DriverContext {
  const signal = new AbortController().signal;
  return { ports, signal, log: makeFakeLog().log, clock: makeFakeClock(), initial: {} };
}
