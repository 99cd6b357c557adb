import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOG } from '../../src/drivers/catalog.ts';
import { AGENTS } from '../../src/harvest/agents.ts';
import { runHarvest } from '../../src/harvest/harvest.ts';
import { isName } from '../../src/schemes/names.ts';
import { readTwice } from '../contracts/input-driver.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import type { TreeFiles } from '../fakes/tree.ts';
import { boardNames, readPicture } from '../fakes/tree-format.ts';
import { type TreePorts, treePorts } from '../fakes/tree-ports.ts';

const junk = [
  '',
  '-1',
  '99999999999999999999',
  'NaN',
  '1e999',
  '0x',
  'ÿþ\u0000\u0001',
  '1 2 3',
  ': = / \\',
  'x'.repeat(5_000),
];
const damages: readonly ((files: TreeFiles, path: string) => void)[] = [
  (files, path) => files.remove(path),
  (files, path) => files.remove(path.slice(0, Math.max(path.lastIndexOf('/'), 1))),
  (files, path) => files.fail(path, 'EIO'),
  (files, path) => files.fail(path, 'EACCES'),
  (files, path) => files.fail(path, 'ENODEV'),
  (files, path) => files.hang(path),
  (files, path) => files.point(path, path),
  ...junk.map((text) => (files: TreeFiles, path: string) => files.set(path, text)),
];
const pathsOf = new Map(boardNames().map((board) => [board, [...readPicture(board).entries.keys()]]));
const wound = fc.tuple(fc.nat(), fc.nat({ max: damages.length - 1 }));
const patient = fc.record({
  board: fc.constantFrom(...pathsOf.keys()),
  wounds: fc.array(wound, { minLength: 1, maxLength: 30 }),
});

/** Asks every agent; in virtual time, so that one that hangs costs nothing. */
async function harvestOf(ports: TreePorts) {
  const [clock, { log, lines }] = [makeFakeClock(), makeFakeLog()];
  const harvest = runHarvest(AGENTS, { ports, log, clock });
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(5_000);
  return { reports: [...(await harvest).reports.values()], lines };
}

test('no damage makes an agent throw, or a driver fail in a way that the runner does not know', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(patient, async ({ board, wounds }) => {
      const paths = pathsOf.get(board) ?? [];
      const ports = treePorts(board);
      for (const [path, damage] of wounds) damages[damage]?.(ports.files, paths[path % paths.length] ?? '/proc');
      const { reports, lines } = await harvestOf(ports);
      const bugs = lines.filter(({ fields }) => fields.code !== 'HB143');
      expect(bugs).toEqual([]);
      for (const { kind, name, options } of reports.flatMap(({ found }) => found)) {
        expect([name, isName(name)]).toEqual([name, true]);
        const file = await CATALOG[kind]?.();
        if (file === undefined) throw new Error(`no driver ${kind} for ${name}`);
        await readTwice(file.driver, options, ports);
      }
    }),
    { numRuns: 30 },
  );
});
