import { expect } from 'vitest';
import type { InputDriver, OpenInput, Sample } from '../../src/drivers/driver.ts';
import { withDeadline } from '../../src/kit/deadline.ts';
import { HanbusError, Unavailable } from '../../src/kit/errors.ts';
import { isName } from '../../src/schemes/names.ts';
import type { PointSpec, Points } from '../../src/schemes/point.ts';
import type { Value } from '../../src/schemes/reading.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { driverContext, type TreePorts } from '../fakes/tree-ports.ts';

const DEADLINE_MS = 5_000;

/** Runs `work` with the runner's deadline, in virtual time: a read that hangs ends, and says so. */
export async function inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const clock = makeFakeClock();
  const waiting = withDeadline(clock, DEADLINE_MS, work);
  waiting.catch(() => undefined);
  // Real reads in the tree settle in a few turns of the loop; what has not settled then never does.
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(DEADLINE_MS);
  return await waiting;
}

/** Opens a driver with options that have passed its fields. */
export async function openInput(driver: InputDriver, options: object, ports: TreePorts): Promise<OpenInput<string>> {
  // The erased driver takes decoded options only; tests write them decoded.
  return await inTime(async () => await driver.open(options as never, driverContext(ports)));
}

/** What a driver does on a board, however sick: samples that fit its points, or an error that the runner knows. */
export async function readTwice(driver: InputDriver, options: object, ports: TreePorts): Promise<void> {
  try {
    const open = await openInput(driver, options, ports);
    const points = open.points ?? driver.points;
    if (points === 'found') throw new Error(`${driver.kind} is open and has no points`);
    expectPoints(points);
    for (const later of [0, 10]) {
      const before = await inTime(async () => await ports.files.text('/proc/uptime')).catch(() => '');
      const uptime = Number(before.split(' ')[0]) || 1_000;
      ports.files.set('/proc/uptime', `${uptime + later} 1.00`);
      expectSamples(points, await inTime(async (signal) => (await open.read?.(signal)) ?? {}));
    }
    await open.close();
    await open.close();
  } catch (error) {
    if (!(error instanceof HanbusError)) throw error;
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toMatch(/\S/);
  }
}

export function expectPoints(points: Points): void {
  for (const [name, spec] of Object.entries(points)) {
    expect([name, isName(name)]).toEqual([name, true]);
    if (spec.type === 'number') expect([name, spec.range]).toEqual([name, [expect.any(Number), expect.any(Number)]]);
    if (spec.type === 'enum') expect([name, spec.values]).toEqual([name, expect.any(Array)]);
  }
}

/** Every good value has the type of its point; every other sample says why. */
export function expectSamples(points: Points, samples: Readonly<Record<string, Sample | undefined>>): void {
  for (const [name, sample] of Object.entries(samples)) {
    const spec = points[name];
    if (spec === undefined) throw new Error(`${name} is not among the points ${Object.keys(points).join(', ')}`);
    if (sample === undefined) continue;
    if (isDoubtful(sample)) expect([name, sample.why]).toEqual([name, expect.stringMatching(/\S/)]);
    else expectValue(name, spec, sample);
  }
}

function isDoubtful(sample: Sample): sample is Extract<Sample, { readonly quality: string; readonly why: string }> {
  return typeof sample === 'object' && 'quality' in sample && 'why' in sample;
}

function expectValue(name: string, spec: PointSpec, value: Value): void {
  const types = {
    number: 'number',
    boolean: 'boolean',
    text: 'string',
    enum: 'string',
    event: 'string',
    json: 'object',
  };
  expect([name, typeof value]).toEqual([name, types[spec.type]]);
  // The runner makes a number outside the range of its point bad; one that is none it could not judge.
  if (typeof value === 'number') expect([name, Number.isFinite(value)]).toEqual([name, true]);
  if (spec.type === 'enum') expect(spec.values).toContain(value);
}
