import type { DriverContext } from '../../src/drivers/driver.ts';
import type { GpioPort, Ports } from '../../src/drivers/ports/ports.ts';
import { makeTimeSyncPort } from '../../src/drivers/ports/time-sync.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import { makeFakeLog } from './log.ts';
import { type TreeFiles, treeFiles, treeProcess } from './tree.ts';

export interface TreePorts extends Ports {
  readonly files: TreeFiles;
}

const noGpio: GpioPort = {
  chip: async (device) => {
    throw new Unavailable(`there is no ${device} in this tree`);
  },
};

/** All ports of `test/trees/<board>`; the kernel's clock cannot be asked there. */
export function treePorts(board: string, gpio: GpioPort = noGpio): TreePorts {
  const [files, process] = [treeFiles(board), treeProcess(board)];
  const load = async () => {
    throw new Unavailable('no koffi in a tree', { code: 'HB144' });
  };
  return { files, gpio, process, timeSync: makeTimeSyncPort({ files, process, load }) };
}

/** What `open` of a driver gets, on these ports. */
export function driverContext(ports: Ports): DriverContext {
  return { ports, signal: new AbortController().signal, log: makeFakeLog().log, initial: {} };
}
