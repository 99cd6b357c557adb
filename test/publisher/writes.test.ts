import { describe, expect, test } from 'vitest';
import { defineOutput, type InputDriver, type OpenInput } from '../../src/drivers/driver.ts';
import { OptionsError, Unavailable } from '../../src/kit/errors.ts';
import type { WriteResult } from '../../src/schemes/command.ts';
import type { Value } from '../../src/schemes/reading.ts';
import { planOf, setUp, TIMERS } from './set-up.ts';

const POINTS = {
  state: { type: 'boolean', settable: true },
  level: { type: 'number', unit: '%', range: [0, 100], settable: true },
  heat: { type: 'number', unit: '°C' },
} as const;

/** An output that does what the test says, and writes down what it was told. */
function outputOf(
  open: (initial: Readonly<Record<string, Value>>) => Partial<OpenInput<keyof typeof POINTS>>,
): InputDriver {
  return defineOutput({
    kind: 'relay',
    summary: 'A relay of the test.',
    options: {},
    points: POINTS,
    every: '10s',
    example: {},
    open: async (_options, { initial }) => ({ close: async () => undefined, ...open(initial) }),
  });
}

const relay = planOf('pump', 'relay');

describe.each(TIMERS)('%s', (_name, lateMs) => {
  test('a value is written, then its state is published, then the order is answered', async () => {
    const log: string[] = [];
    const driver = outputOf(() => ({
      write: async ({ point, value }) => void log.push(`write ${point} ${JSON.stringify(value)}`) as undefined,
    }));
    const { apply, clock, publisher, bus } = setUp({ relay: driver }, { lateMs });
    bus.subscribe('hanbus/kitchen/pump/state', () => log.push('published'), { origin: 't' });
    await apply([relay]);
    await clock.advance(1_000);
    const writing = publisher.write({ device: 'pump', point: 'state', value: true, deadline: clock.mono() + 5_000 });
    void writing.then(() => log.push('answered'));
    await clock.advance(10);
    expect(await writing).toEqual({ done: true, value: true });
    expect(log).toEqual(['write state true', 'published', 'answered']);
  });

  test('a write waits for a read that runs, and causes no other one', async () => {
    let reads = 0;
    const order: string[] = [];
    const set = setUp(
      {
        relay: outputOf(() => ({
          read: async () => {
            reads += 1;
            await new Promise<void>((resolve) => void set.clock.after(700, resolve));
            order.push('read');
            return { heat: 20 };
          },
          write: async () => void order.push('write') as undefined,
        })),
      },
      { lateMs },
    );
    await set.apply([relay]);
    await set.clock.advance(300);
    const writing = set.publisher.write({
      device: 'pump',
      point: 'level',
      value: 40,
      deadline: set.clock.mono() + 5_000,
    });
    await set.clock.advance(1_500);
    expect(await writing).toMatchObject({ done: true, value: 40 });
    expect(order.slice(0, 2)).toEqual(['read', 'write']);
    const before = reads;
    const second = set.publisher.write({
      device: 'pump',
      point: 'level',
      value: 50,
      deadline: set.clock.mono() + 5_000,
    });
    await set.clock.advance(20);
    expect(await second).toMatchObject({ done: true });
    expect(reads).toBe(before);
  });

  test('many orders are carried out one at a time, in order; what is too late is never begun', async () => {
    const done: Value[] = [];
    let isBusy = false;
    const set = setUp(
      {
        relay: outputOf(() => ({
          write: async ({ value }) => {
            expect(isBusy).toBe(false);
            isBusy = true;
            await new Promise<void>((resolve) => void set.clock.after(400, resolve));
            isBusy = false;
            done.push(value);
            return undefined;
          },
        })),
      },
      { lateMs },
    );
    await set.apply([relay]);
    await set.clock.advance(500);
    const deadline = set.clock.mono() + 1_000;
    const results: WriteResult[] = [];
    for (const value of [1, 2, 3, 4, 5]) {
      void set.publisher.write({ device: 'pump', point: 'level', value, deadline }).then((r) => results.push(r));
    }
    await set.clock.advance(5_000);
    expect(done).toEqual([1, 2, 3]);
    expect(results).toHaveLength(5);
    expect(results.filter((result) => !result.done && result.how === 'late')).toHaveLength(2);
  });
});

test('a value that the driver refuses says nothing about its health; a silence does', async () => {
  let next: unknown = new OptionsError('only every tenth per cent');
  const driver = outputOf(() => ({
    write: async () => {
      throw next;
    },
  }));
  const { apply, clock, publisher, retained } = setUp({ relay: driver });
  await apply([relay]);
  await clock.advance(1_000);
  const write = async (value: Value) => {
    const writing = publisher.write({ device: 'pump', point: 'level', value, deadline: clock.mono() + 5_000 });
    await clock.advance(100);
    return await writing;
  };
  expect(await write(41)).toMatchObject({ done: false, how: 'refused', why: 'only every tenth per cent' });
  expect(retained('pump/$state')).toBe('ready');
  expect(retained('pump/level')).toBeUndefined();
  next = new Unavailable('no acknowledge');
  expect(await write(42)).toMatchObject({ done: false, how: 'failed', code: 'HB141' });
  expect(retained('pump/$state')).toBe('failing');
});

test('a write that hangs is answered by its deadline, and other devices are not delayed', async () => {
  const hang = outputOf(() => ({ write: () => new Promise<undefined>(() => undefined) }));
  const well = outputOf(() => ({ write: async () => undefined }));
  const { apply, clock, publisher } = setUp({ hang, well });
  await apply([planOf('a', 'hang'), planOf('b', 'well')]);
  await clock.advance(1_000);
  const deadline = clock.mono() + 2_000;
  const stuck = publisher.write({ device: 'a', point: 'state', value: true, deadline });
  const other = publisher.write({ device: 'b', point: 'state', value: true, deadline });
  await clock.advance(10);
  expect(await other).toEqual({ done: true, value: true });
  await clock.advance(2_100);
  expect(await stuck).toMatchObject({ done: false, how: 'failed', code: 'HB143' });
});

test('what takes no commands refuses them', async () => {
  const { apply, clock, publisher } = setUp({ relay: outputOf(() => ({ write: async () => undefined })) });
  await apply([relay]);
  await clock.advance(1_000);
  const to = async (device: string, point: string) =>
    await publisher.write({ device, point, value: 1, deadline: clock.mono() + 1_000 });
  expect(await to('pump', 'heat')).toMatchObject({ done: false, how: 'refused', code: 'HB149' });
  expect(await to('pump', 'none')).toMatchObject({ done: false, how: 'refused', code: 'HB149' });
  expect(await to('nobody', 'state')).toMatchObject({ done: false, how: 'refused', code: 'HB149' });
});

test('an output opens with its safe values; with the last ones when only its plan changed', async () => {
  const opened: Readonly<Record<string, Value>>[] = [];
  let isBroken = false;
  const driver = outputOf((initial) => {
    opened.push(initial);
    return {
      write: async () => {
        if (isBroken) throw new Unavailable('no power');
        return undefined;
      },
    };
  });
  const initialOf = () => ({ state: false, amount: 10 });
  const { apply, clock, publisher } = setUp({ relay: driver }, { initialOf });
  const guarded = { ...relay, guards: { safe: false }, points: { level: { name: 'amount' } } };
  await apply([guarded]);
  await clock.advance(1_000);
  const write = async () => {
    const writing = publisher.write({ device: 'pump', point: 'state', value: true, deadline: clock.mono() + 1_000 });
    await clock.advance(100);
    return await writing;
  };
  await write();
  await apply([{ ...guarded, guards: { safe: false, maxOnMs: 60_000 } }]);
  await clock.advance(1_000);
  expect(opened).toEqual([{ state: false, level: 10 }]);
  await apply([{ ...guarded, about: 'the pump' }]);
  await clock.advance(1_000);
  expect(opened.at(-1)).toEqual({ level: 10, state: true });
  isBroken = true;
  await write();
  isBroken = false;
  await clock.advance(10_000);
  await apply([{ ...guarded, about: 'the same pump' }]);
  await clock.advance(1_000);
  expect(opened.at(-1)).toEqual({ state: false, level: 10 });
});

test('units and scales of a person hold for commands too', async () => {
  const written: Value[] = [];
  const driver = outputOf(() => ({ write: async ({ value }) => void written.push(value) as undefined }));
  const { apply, clock, publisher, retained } = setUp({ relay: driver });
  await apply([
    {
      ...relay,
      points: {
        level: {
          name: 'steps',
          scale: [
            [0, 0],
            [100, 255],
          ],
        },
      },
    },
  ]);
  await clock.advance(1_000);
  const writing = publisher.write({ device: 'pump', point: 'steps', value: 51, deadline: clock.mono() + 1_000 });
  await clock.advance(100);
  expect(await writing).toEqual({ done: true, value: 51 });
  expect(written).toEqual([20]);
  expect(retained('pump/steps')).toBe('51');
});
