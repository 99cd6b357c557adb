import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/bus/message.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import { ownRandom } from '../../src/publisher/own-random.ts';
import { settle } from '../fakes/clock.ts';
import { makeScripted } from '../fakes/drivers.ts';
import { type Fault, type Faulty, makeFaulty, NONSENSE } from '../fakes/faulty-driver.ts';
import { planOf, setUp, TIMERS } from './set-up.ts';

/** Three good devices that change at each read, beside a faulty one or alone: what they published, and when. */
async function othersBeside(lateMs: number, faulty?: Faulty, disturb?: (faulty: Faulty, second: number) => void) {
  const wave = (count: number) => ({ value: (count * 7) % 100 });
  const fast = makeScripted({ every: '1s', read: wave });
  const middle = makeScripted({ every: '700ms', read: wave });
  const slow = makeScripted({ every: '5s', read: wave });
  const drivers = { fast: fast.driver, middle: middle.driver, slow: slow.driver };
  const random = ownRandom(0.5, 'the same in every world');
  const world = setUp(faulty === undefined ? drivers : { ...drivers, faulty: faulty.driver }, { random, lateMs });
  const good = [planOf('a', 'fast'), planOf('m', 'middle'), planOf('z', 'slow')];
  await world.apply(faulty === undefined ? good : [planOf('faulty', 'faulty'), ...good]);
  for (let second = 0; second < 90; second += 1) {
    if (faulty !== undefined) disturb?.(faulty, second);
    await world.clock.advance(1_000);
  }
  // One late timer serves all that is due by then, so that times may differ by a few ms; those on time must not.
  const grid = lateMs === 0 ? 1 : 50;
  const told = world.heard
    .filter(({ message }) => /^hanbus\/kitchen\/[amz]\/value$/.test(message.topic))
    .map(({ at, message }) => `${message.topic} ${Math.floor((at + 1) / grid) * grid} ${textOf(message)}`)
    .sort();
  const stopped = world.publisher.stop();
  await world.clock.advance(1_000);
  await stopped;
  faulty?.release();
  await settle();
  expect(world.errors).toEqual([]);
  return { ...world, told };
}

describe.each(TIMERS)('%s', (_name, lateMs) => {
  const alone = othersBeside(lateMs);

  describe('whatever one device does, the others publish the same values at the same times', () => {
    test('there is something to compare', async () => {
      expect((await alone).told.length).toBeGreaterThan(200);
    });

    test.each<Fault>([
      'close hangs',
      'ends',
      'open hangs',
      'open throws',
      'options',
      'read hangs',
      'read is nonsense',
      'read throws a bug',
      'read throws',
      'throws at once',
      'unavailable',
    ])('%s', async (fault) => {
      const faulty = makeFaulty();
      faulty.fault = fault;
      expect((await othersBeside(lateMs, faulty)).told).toEqual((await alone).told);
      expect(faulty.mostRunning).toBeLessThanOrEqual(1);
    });

    test('it is well, hangs, comes back, dies', async () => {
      const faulty = makeFaulty();
      const { told } = await othersBeside(lateMs, faulty, (device, second) => {
        if (second === 10) device.fault = 'read hangs';
        if (second === 40) {
          device.fault = 'nothing';
          device.release();
        }
        if (second === 60) device.fault = 'read throws a bug';
      });
      expect(told).toEqual((await alone).told);
      expect(faulty.mostRunning).toBe(1);
      expect(faulty.reads).toBeGreaterThan(20);
    });

    test('it floods', async () => {
      const faulty = makeFaulty({ listens: true });
      const { told, heard } = await othersBeside(lateMs, faulty, (device) => {
        for (let n = 0; n < 5_000; n += 1) device.emit({ level: n % 100, word: n % 2 === 0 ? 'up' : 'down' });
      });
      expect(told).toEqual((await alone).told);
      const flood = heard.filter(({ message }) => /faulty\/(level|word)$/.test(message.topic));
      expect(flood.length).toBeLessThan(90 * 200 + 400);
      expect(flood.length).toBeGreaterThan(90);
    });

    test('it emits nonsense', async () => {
      const faulty = makeFaulty({ listens: true });
      const { told, lines } = await othersBeside(lateMs, faulty, (device) => {
        for (const nonsense of NONSENSE) device.emit(nonsense);
      });
      expect(told).toEqual((await alone).told);
      expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
      expect(lines.length).toBeLessThan(20);
    });
  });

  const run = async (faulty: Faulty) => {
    const world = setUp({ faulty: faulty.driver }, { lateMs });
    await world.apply([planOf('f', 'faulty')]);
    const state = () => world.retained('f/$state');
    const why = () => world.publisher.list()[0]?.why;
    return { ...world, state, why };
  };

  describe('the life of a faulty device', () => {
    test('a read that hangs is told at its deadline; no second one begins; after 5 min it is quarantined', async () => {
      const faulty = makeFaulty({ deadline: '2s' });
      const { clock, state, why } = await run(faulty);
      await clock.advance(3_000);
      expect(state()).toBe('ready');
      faulty.fault = 'read hangs';
      await clock.advance(3_100);
      expect(state()).toBe('failing');
      expect(why()).toBe('the read took longer than 2s');
      const { reads } = faulty;
      await clock.advance(200_000);
      expect(faulty.reads).toBe(reads);
      expect(state()).toBe('failing');
      await clock.advance(100_000);
      expect(state()).toBe('quarantined');
      expect(why()).toBe('the read has hung for 5 min');
      faulty.fault = 'nothing';
      faulty.release();
      await clock.advance(1_500);
      expect(state()).toBe('ready');
      expect(faulty.reads).toBeGreaterThan(reads);
      expect(faulty.mostRunning).toBe(1);
    });

    test('the result of a late read is not used', async () => {
      const faulty = makeFaulty({ deadline: '2s' });
      faulty.fault = 'read is slow';
      const { clock, retained } = await run(faulty);
      await clock.advance(3_000);
      faulty.release();
      await settle();
      expect(retained('f/level')).toBeUndefined();
    });

    test('back-off grows from 1 s to 60 s; quarantine after ten failures, tried each 5 min; back without restart', async () => {
      const faulty = makeFaulty();
      faulty.fault = 'read throws';
      const { clock, state, lines } = await run(faulty);
      const tries: number[] = [];
      for (let second = 0; second < 800; second += 1) {
        const { reads } = faulty;
        await clock.advance(1_000);
        if (faulty.reads > reads) tries.push(second);
      }
      expect(state()).toBe('quarantined');
      const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
      const grow = waits.filter((wait) => wait < 100);
      expect(grow.every((wait, index) => index === 0 || wait >= (grow[index - 1] ?? 0) * 0.5)).toBe(true);
      expect(Math.max(...grow)).toBeGreaterThanOrEqual(30);
      expect(Math.max(...grow)).toBeLessThanOrEqual(61);
      expect(waits.at(-1)).toBeGreaterThanOrEqual(300);
      expect(lines.map(({ text }) => text)).toEqual(['device fails', 'device is quarantined']);
      faulty.fault = 'nothing';
      await clock.advance(310_000);
      expect(state()).toBe('ready');
      expect(lines.at(-1)?.text).toBe('device is back');
    });

    test('retryAfterMs is honoured', async () => {
      const faulty = makeFaulty();
      faulty.fault = 'unavailable';
      faulty.retryAfterMs = 20_000;
      const { clock } = await run(faulty);
      await clock.advance(19_000);
      expect(faulty.reads).toBe(1);
      await clock.advance(2_000);
      expect(faulty.reads).toBe(2);
    });

    test('after three failed reads in a row it is closed and opened again', async () => {
      const faulty = makeFaulty();
      faulty.fault = 'read throws';
      const { clock } = await run(faulty);
      await clock.advance(60_000);
      expect(faulty.opens).toBeGreaterThan(1);
      expect(faulty.closes).toBe(faulty.opens - 1);
    });

    test('wrong options stop it; nothing is tried again', async () => {
      const faulty = makeFaulty();
      faulty.fault = 'options';
      const { clock, state, why, lines } = await run(faulty);
      await clock.advance(600_000);
      expect(faulty.opens).toBe(1);
      expect([state(), why()]).toEqual(['stopped', 'no such pin']);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ level: 'error', fields: { code: 'HB140', device: 'f', fix: 'hanbus scan' } });
    });

    test('an ended device is closed quietly', async () => {
      const faulty = makeFaulty();
      faulty.fault = 'ends';
      const { clock, state, lines } = await run(faulty);
      await clock.advance(600_000);
      expect([state(), faulty.closes, faulty.reads]).toEqual(['stopped', 1, 1]);
      expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
    });

    test('a bug is logged with its stack once', async () => {
      const faulty = makeFaulty();
      faulty.fault = 'read throws a bug';
      const { clock, lines, state } = await run(faulty);
      await clock.advance(100_000);
      const bugs = lines.filter(({ text }) => text === 'a driver has a bug');
      expect(bugs).toHaveLength(1);
      expect(bugs[0]?.fields.stack).toContain('TypeError: cannot read x');
      expect(state()).toBe('failing');
    });

    test('a kind without a driver stops, and says so', async () => {
      const world = setUp({}, { lateMs });
      await world.apply([planOf('f', 'unheard_of')]);
      await world.clock.advance(1_000);
      expect(world.publisher.list()[0]).toMatchObject({ state: 'stopped', why: 'there is no driver "unheard_of"' });
    });

    test('a flood is bounded: the newest of each point passes, the rest is counted and shown', async () => {
      const faulty = makeFaulty({ listens: true });
      const { clock, told, publisher, why, lines } = await run(faulty);
      await clock.advance(1_000);
      for (let n = 0; n <= 10_000; n += 1) faulty.emit({ level: n % 101 });
      await clock.advance(1_000);
      expect(told('f/level').length).toBeLessThan(250);
      expect(told('f/level').at(-1)?.[1]).toBe(String(10_000 % 101));
      expect(publisher.counts().merged).toBeGreaterThan(9_000);
      expect(why()).toContain('it floods');
      expect(lines.filter(({ text }) => text === 'device floods')).toHaveLength(1);
      await clock.advance(20_000);
      expect(why()).toBeUndefined();
    });

    test('a listening device that fails is opened again; heartbeats go on meanwhile it is well', async () => {
      const faulty = makeFaulty({ listens: true });
      const { clock, state, told } = await run(faulty);
      await clock.advance(1_000);
      faulty.emit({ level: 10 });
      await clock.advance(130_000);
      expect(told('f/level').map(([, text]) => text)).toEqual(['10', '10', '10']);
      faulty.fail(new Unavailable('unplugged'));
      await settle();
      expect(state()).toBe('failing');
      faulty.emit({ level: 99 });
      await clock.advance(2_000);
      expect([state(), faulty.opens]).toEqual(['ready', 2]);
      expect(told('f/level').map(([, text]) => text)).toEqual(['10', '10', '10']);
    });

    test('one that fails right after each opening ends in quarantine', async () => {
      const faulty = makeFaulty({ listens: true });
      const { clock, state } = await run(faulty);
      for (let second = 0; second < 600; second += 1) {
        await clock.advance(1_000);
        faulty.fail(new Unavailable('unplugged'));
        await settle();
      }
      expect(state()).toBe('quarantined');
      expect(faulty.opens).toBeLessThan(15);
    });

    test('stop ends within a second though read and close hang; nothing is told after it', async () => {
      const faulty = makeFaulty();
      const { clock, heard, publisher, state } = await run(faulty);
      await clock.advance(3_000);
      faulty.fault = 'read hangs';
      await clock.advance(2_000);
      faulty.fault = 'close hangs';
      let isStopped = false;
      const stopping = publisher.stop().then(() => {
        isStopped = true;
      });
      await clock.advance(900);
      expect(isStopped).toBe(true);
      await stopping;
      expect(state()).toBe('stopped');
      const count = heard.length;
      faulty.release();
      await clock.advance(100_000);
      expect(heard.length).toBe(count);
      await publisher.stop();
    });
  });
});
