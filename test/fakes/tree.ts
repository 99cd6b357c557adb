import type { ProcessPort } from '../../src/drivers/ports/ports.ts';
import { makeSimulatedFiles, type SimulatedFiles } from '../../src/drivers/ports/simulated-files.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import { readPicture } from './tree-format.ts';

export type TreeFiles = SimulatedFiles;

/** The files of `test/trees/<board>`. */
export function treeFiles(board: string): TreeFiles {
  return makeSimulatedFiles(readPicture(board));
}

/** The programs of `test/trees/<board>`: what stands under `=== $ program arguments`; any other is not installed. */
export function treeProcess(board: string): ProcessPort {
  const { programs } = readPicture(board);
  return {
    run: async (program, args) => {
      const answer = programs.get([program, ...args].join(' '));
      if (answer === undefined) throw new Unavailable(`${program} is not installed`);
      return { ...answer, err: '' };
    },
  };
}
