import { describe, expect, it } from 'vitest';
import { CATALOG } from '../../src/drivers/catalog.ts';
import type { FilesPort, Ports } from '../../src/drivers/ports/ports.ts';
import { makeSimulatedFiles } from '../../src/drivers/ports/simulated-files.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import type { Found, Report } from '../../src/schemes/found.ts';
import { isName } from '../../src/schemes/names.ts';
import type { PointSpec } from '../../src/schemes/point.ts';

import { boardNames, type Picture, readPicture } from '../fakes/tree-format.ts';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask, kernelAgents, openKind } from './kernel-agents.ts';

async function askAll(ports: Ports): Promise<Report> {
  const reports = await Promise.all(kernelAgents.map(async ({ name }) => await ask(name, ports)));
  return { found: reports.flatMap(({ found }) => found), seen: reports.flatMap(({ seen }) => seen) };
}

/** The numbers that the kernel gives in the order of finding, turned round. */
function renumbered(picture: Picture): Picture {
  const turn = (path: string) =>
    path.replace(/(hwmon|thermal_zone|iio:device|rtc|w1_bus_master)(\d)\b/g, (_, word, n) => `${word}${9 - Number(n)}`);
  const entries = new Map(
    [...picture.entries].map(([path, entry]) => [
      turn(path),
      entry.kind === 'link' ? { ...entry, target: turn(entry.target) } : entry,
    ]),
  );
  return { ...picture, entries };
}

const identity = ({ kind, name, at, group, options, about }: Found) => ({ kind, name, at, group, options, about });

describe.each(boardNames())('kernel agents on %s', (board) => {
  it('report places that are unique, names that are valid, and provenance', async () => {
    const { found, seen } = await askAll(treePorts(board));
    const places = found.map(({ at }) => at);
    expect(new Set(places).size).toBe(places.length);
    for (const { name, kind, provenance, options, at } of found) {
      expect(isName(name), name).toBe(true);
      expect(Object.keys(CATALOG)).toContain(kind);
      expect(provenance.source).toMatch(/^\/(sys|proc|dev)\//);
      expect(provenance.why).not.toBe('');
      expect(options).toEqual({ at });
    }
    for (const one of seen) expect([one.what, one.why, one.source, one.group]).not.toContain('');
  });

  it('never name two devices of an agent alike', async () => {
    for (const { name } of kernelAgents) {
      const names = (await ask(name, treePorts(board))).found.map((device) => device.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('promise only verbs that are there', async () => {
    const { seen } = await askAll(treePorts(board));
    for (const { fix } of seen) expect(fix ?? '').not.toMatch(/\bhanbus\b/);
  });

  it('show nothing that could move a cursor', async () => {
    const { found, seen } = await askAll(treePorts(board));
    expect(JSON.stringify([found, seen])).not.toMatch(/\\u00[01]|\\n|\\t/);
  });

  it('find the same after the kernel has counted in another order', async () => {
    // Two zones of one type and without a device can only be told apart by their order.
    if (board === 'hostile') return;
    const ports = treePorts(board);
    const again = { ...ports, files: makeSimulatedFiles(renumbered(readPicture(board))) };
    expect((await askAll(again)).found.map(identity)).toEqual((await askAll(ports)).found.map(identity));
  });

  it('report what cannot be read, and never throw, when every file refuses', async () => {
    const ports = treePorts(board);
    const { found, seen } = await askAll({ ...ports, files: refusing(ports.files, 0) });
    // A 1-Wire device is known by the name of its folder.
    expect(found.filter(({ at }) => !at.startsWith('1wire:'))).toEqual([]);
    const hasChips = (await ports.files.list('/sys/class/thermal')).length > 0;
    expect(seen.some(({ why }) => why.includes('the device is gone'))).toBe(hasChips);
  });

  it.each([1, 7, 40, 150])('never throw when the board goes away after %i answers', async (answers) => {
    const ports = treePorts(board);
    await askAll({ ...ports, files: refusing(ports.files, answers) });
  });

  it('find devices that open, with points that have unit and range and readings that fit', async () => {
    const ports = treePorts(board);
    for (const device of (await askAll(ports)).found) {
      const opened = await openKind(device.kind, device.options, ports).catch(onlyUnavailable);
      if (opened === undefined) continue;
      for (const [name, spec] of Object.entries(opened.points)) checkSpec(`${device.at} ${name}`, spec);
      const samples = await opened.read().catch(onlyUnavailable);
      for (const [name, sample] of Object.entries(samples ?? {}))
        checkSample(`${device.at} ${name}`, opened.points[name], sample);
      await opened.device.close();
      await opened.device.close();
    }
  });
});

/** Anything but Unavailable is a bug. */
function onlyUnavailable(error: unknown): undefined {
  expect(error).toBeInstanceOf(Unavailable);
  return undefined;
}

/** Files that answer so many questions and then are gone, with all folders. */
function refusing(files: FilesPort, answers: number): FilesPort {
  let left = answers;
  const isGone = () => left-- <= 0;
  const gone = async (path: string) => {
    throw new Unavailable(`cannot read ${path}: the device is gone`);
  };
  return {
    ...files,
    text: async (path, signal) => (isGone() ? await gone(path) : await files.text(path, signal)),
    bytes: async (path, signal) => (isGone() ? await gone(path) : await files.bytes(path, signal)),
    list: async (path) => (answers > 0 && isGone() ? [] : await files.list(path)),
    link: async (path) => (answers > 0 && isGone() ? undefined : await files.link(path)),
    exists: async (path) => !(answers > 0 && isGone()) && (await files.exists(path)),
    readable: async () => false,
  };
}

/** Numbers without a unit say in words what they are. */
function checkSpec(label: string, spec: PointSpec): void {
  if (spec.type !== 'number') return;
  expect(spec.range, label).toBeDefined();
  expect(spec.unit ?? spec.about, label).toBeTruthy();
}

function checkSample(label: string, spec: PointSpec | undefined, sample: unknown): void {
  expect(spec, label).toBeDefined();
  if (typeof sample === 'object') {
    expect(sample, label).toMatchObject({ quality: 'bad', why: expect.stringMatching(/\S/) });
    return;
  }
  const types = {
    number: 'number',
    boolean: 'boolean',
    text: 'string',
    enum: 'string',
    json: 'object',
    event: 'string',
  };
  expect(typeof sample, label).toBe(types[spec?.type ?? 'json']);
  if (typeof sample === 'number') expect(Number.isFinite(sample), label).toBe(true);
  if (spec?.values !== undefined) expect(spec.values, label).toContain(sample);
}

describe('kernel drivers', () => {
  const onLaptop = ['hwmon', 'power-supply', 'rtc'];
  const onPi = ['backlight', 'ds1822', 'ds1825', 'ds18b20', 'ds18s20', 'ds2408', 'ds2438', 'ds28ea00'];
  it.each([...onLaptop, ...onPi, 'iio', 'led', 'thermal'])('%s reads its own example', async (kind) => {
    const example = (await CATALOG[kind]?.())?.driver.example ?? {};
    const { read } = await openKind(kind, example, treePorts(onLaptop.includes(kind) ? 'x86-laptop' : 'pi4'));
    const samples = Object.values(await read());
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) expect(typeof sample).not.toBe('object');
  });
});
