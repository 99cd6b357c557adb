import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../src/drivers/catalog.ts';
import { makeFilesPort } from '../../src/drivers/ports/files.ts';
import { makeProcessPort } from '../../src/drivers/ports/process.ts';
import { makeTimeSyncPort } from '../../src/drivers/ports/time-sync.ts';
import { AGENTS } from '../../src/harvest/agents.ts';
import { boardModel } from '../../src/harvest/board-model.ts';
import { runHarvest } from '../../src/harvest/harvest.ts';
import { expectSamples } from '../contracts/input-driver.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { driverContext, treePorts } from '../fakes/tree-ports.ts';

/** The real ports; buses and lines are left out, because a machine with chips would have them asked. */
function realPorts() {
  const [files, process] = [makeFilesPort(), makeProcessPort()];
  return { ...treePorts('bare-vm'), files, process, timeSync: makeTimeSyncPort({ files, process }) };
}

describe('this very machine', () => {
  test('has a model', async () => {
    expect((await boardModel(makeFilesPort())).short).toMatch(/\S/);
  });

  test('is harvested without a failing agent, and its board, root disk and networks can be read', async () => {
    const ports = realPorts();
    const { reports, failed } = await runHarvest(AGENTS, { ports, log: makeFakeLog().log });
    expect([...failed]).toEqual([]);
    const kinds = ['board', 'disk', 'network'];
    const found = [...reports.values()].flatMap((report) => report.found).filter(({ kind }) => kinds.includes(kind));
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['board', 'disk']));
    for (const { kind, options } of found) {
      const file = await CATALOG[kind]?.();
      if (file === undefined) throw new Error(`no driver ${kind}`);
      const open = await file.driver.open(options as never, driverContext(ports));
      const points = open.points ?? file.driver.points;
      if (points === 'found') throw new Error(`${kind} is open and has no points`);
      const samples = (await open.read?.(new AbortController().signal)) ?? {};
      expect(Object.keys(samples)).not.toEqual([]);
      expectSamples(points, samples);
    }
  });
});
