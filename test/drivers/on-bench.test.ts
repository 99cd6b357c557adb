import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../src/drivers/catalog.ts';
import type { InputDriver, Sample } from '../../src/drivers/driver.ts';
import { OptionsError, Unavailable } from '../../src/kit/errors.ts';
import { decodeOptions } from '../../src/schemes/decode.ts';
import type { Points } from '../../src/schemes/point.ts';
import { expectPoints, expectSamples } from '../contracts/input-driver.ts';
import { PLACES, type Place, type Trouble } from '../contracts/on-bench.ts';
import { makeBench, type OnBench, onBench, passing } from '../fakes/bench.ts';

async function driverOf(kind: string): Promise<InputDriver> {
  const file = await CATALOG[kind]?.();
  if (file === undefined) throw new Error(`no driver ${kind}`);
  return file.driver;
}

/** Opens the driver with its own example, as a scheme would. */
async function openExample(kind: string, { bench }: Place): Promise<OnBench> {
  const driver = await driverOf(kind);
  const { options, problems } = decodeOptions(driver.options, driver.example);
  expect(problems).toEqual([]);
  return await onBench(bench, driver, options as object);
}

function pointsOf(driver: InputDriver, { open }: OnBench): Points {
  const points = open.points ?? driver.points;
  if (points === 'found') throw new Error(`${driver.kind} is open and has no points`);
  return points;
}

const isBad = (sample: Sample | undefined) =>
  typeof sample === 'object' && 'quality' in sample && sample.quality === 'bad';

/** Everything it does now, with what it told. */
async function doAll({ stir, order }: Place, device: OnBench) {
  const before = device.heard.length;
  const samples = [await device.read()];
  if (order !== undefined) samples.push((await device.write(...order)) ?? {});
  await stir?.();
  return [...samples, ...device.heard.slice(before)];
}

/** While there is trouble: each piece of work throws what the runner knows, or tells that it is bad. */
async function expectTrouble(place: Place, device: OnBench, { mayTell }: Trouble): Promise<void> {
  const work = [
    device.read,
    ...(place.order === undefined ? [] : [async () => await device.write(...(place.order ?? ['', '']))]),
  ];
  let complaints = device.failures.length;
  for (const piece of work) {
    try {
      const told = Object.values((await piece()) ?? {});
      if (mayTell === true) expect(told.some(isBad)).toBe(true);
      if (mayTell === true) complaints += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(Unavailable);
      expect((error as Unavailable).message).toMatch(/\S/);
      complaints += 1;
    }
  }
  expect(complaints).toBeGreaterThan(0);
  for (const failure of device.failures) expect(failure).toBeInstanceOf(Unavailable);
}

test('every driver that touches lines, buses, cables or cameras has a place on the bench', async () => {
  for (const kind of Object.keys(CATALOG).filter((one) => !(one in PLACES))) {
    const bench = makeBench();
    const touched: string[] = [];
    const watched = ['camera', 'gpio', 'i2c', 'pwm', 'serial'] as const;
    const ports = { ...bench.ports };
    for (const name of watched) {
      Object.assign(ports, { [name]: new Proxy(bench.ports[name], { get: () => touched.push(name) }) });
    }
    const driver = await driverOf(kind);
    const { options } = decodeOptions(driver.options, driver.example);
    await onBench({ ...bench, ports }, driver, options as object).catch(() => undefined);
    expect([kind, touched]).toEqual([kind, []]);
  }
  expect(Object.keys(PLACES).filter((kind) => !(kind in CATALOG))).toEqual([]);
});

describe.each(Object.entries(PLACES))('%s on the bench', (kind, make) => {
  test('does what it says, closes twice, leaves nothing behind', async () => {
    const place = make();
    const driver = await driverOf(kind);
    const device = await openExample(kind, place);
    const points = pointsOf(driver, device);
    expectPoints(points);
    const told = [...device.heard, ...(await doAll(place, device))];
    for (const samples of told) expectSamples(points, samples);
    expect(told.flatMap((samples) => Object.values(samples)).filter(isBad)).toEqual([]);
    const named = new Set(told.flatMap((samples) => Object.keys(samples)));
    expect(named.size).toBeGreaterThan(0);
    await passing(place.bench.clock, device.open.close());
    await passing(place.bench.clock, device.open.close());
    const silent = device.heard.length;
    await place.stir?.();
    await place.bench.clock.advance(60_000);
    expect([device.heard.length, device.failures, place.bench.clock.pending]).toEqual([silent, [], 0]);
  });

  test('has settable points just when it can write, and says which before it is open where it can', async () => {
    const place = make();
    const driver = await driverOf(kind);
    const device = await openExample(kind, place);
    const points = pointsOf(driver, device);
    const settable = Object.values(points).some((spec) => spec.settable === true);
    expect(settable).toBe(device.open.write !== undefined);
    if (driver.points === 'found') expect(driver.pointsOf?.(driver.example)).toEqual(points);
    expect(driver.pointsOf?.({}) ?? 'not known').toBe('not known');
  });

  test.each(make().troubles.map(({ name }) => name))('%s: the right error, then it works again', async (name) => {
    const place = make();
    const trouble = place.troubles.find((one) => one.name === name);
    if (trouble === undefined) throw new Error(name);
    const device = await openExample(kind, place);
    trouble.begin();
    await expectTrouble(place, device, trouble);
    // The runner opens anew after three failures; while the trouble lasts that fails in the same way.
    await passing(place.bench.clock, device.open.close());
    const again = await openExample(kind, place).then(
      (opened) => opened,
      (error: unknown) => error,
    );
    if (again instanceof Error) {
      expect(again).toBeInstanceOf(Unavailable);
      expect(again).not.toBeInstanceOf(OptionsError);
    } else await passing(place.bench.clock, (again as OnBench).open.close());
    trouble.end();
    const mended = await openExample(kind, place);
    const told = await doAll(place, mended);
    expect(told.flatMap((samples) => Object.values(samples)).filter(isBad)).toEqual([]);
    await passing(place.bench.clock, mended.open.close());
    await place.bench.clock.advance(60_000);
    expect(place.bench.clock.pending).toBe(0);
  });

  test('what is used by somebody else is Unavailable', async () => {
    const place = make();
    const first = await openExample(kind, place);
    const isShared = ['ads1115', 'bme280', 'camera', 'ssd1306'].includes(kind);
    const second = openExample(kind, place);
    if (isShared) await expect(second).resolves.toBeDefined();
    else await expect(second).rejects.toMatchObject({ name: 'Unavailable', code: 'HB104' });
    await passing(place.bench.clock, first.open.close());
  });
});
