import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../src/drivers/catalog.ts';
import type { InputDriver } from '../../src/drivers/driver.ts';
import { decodeOptions } from '../../src/schemes/decode.ts';
import { parseDuration } from '../../src/schemes/quantity.ts';
import { expectPoints, readTwice } from '../contracts/input-driver.ts';
import { boardNames } from '../fakes/tree-format.ts';
import { treePorts } from '../fakes/tree-ports.ts';

async function driverOf(kind: string): Promise<InputDriver> {
  const file = await CATALOG[kind]?.();
  if (file === undefined) throw new Error(`no driver ${kind}`);
  return file.driver;
}

describe.each(Object.keys(CATALOG))('the driver %s', (kind) => {
  test('is called as its file', async () => {
    expect((await driverOf(kind)).kind).toBe(kind);
  });

  test('says in one sentence what it reads', async () => {
    expect((await driverOf(kind)).summary).toMatch(/^[A-Z0-9].{10,118}\.$/);
  });

  test('has a period of 1 s or more, and a deadline below it or of 5 s', async () => {
    const { every, deadline = '5s' } = await driverOf(kind);
    if (every !== undefined) expect(parseDuration(every)).toBeGreaterThanOrEqual(1_000);
    expect(parseDuration(deadline)).toBeGreaterThanOrEqual(1_000);
  });

  test('describes its points', async () => {
    const { points } = await driverOf(kind);
    if (points !== 'found') expectPoints(points);
  });

  test('has an example that its options accept', async () => {
    const { example, options } = await driverOf(kind);
    expect(decodeOptions(options, example)).toMatchObject({ problems: [] });
  });

  test.each(boardNames())('opens, reads and closes its example on %s, or says why not', async (board) => {
    const { example } = await driverOf(kind);
    await readTwice(await driverOf(kind), example, treePorts(board));
  });
});
