import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/bus/message.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import { makeScripted } from '../fakes/drivers.ts';
import { makeFaulty } from '../fakes/faulty-driver.ts';
import { planOf, setUp as setUpWith, TIMERS } from './set-up.ts';

const steady = () => makeScripted({ read: () => ({ value: 21.5 }) }).driver;
const texts = (told: [number, string][]) => told.map(([, text]) => text);

describe.each(TIMERS)('%s', (_name, lateMs) => {
  const setUp = (...[drivers, more]: Parameters<typeof setUpWith>) => setUpWith(drivers, { lateMs, ...more });

  test('readings come on a beat; unchanged ones as heartbeat each 60 s', async () => {
    const { apply, clock, told, retained } = setUp({ scripted: steady() });
    await apply([planOf('air', 'scripted')]);
    await clock.advance(240_000);
    const times = told('air/value').map(([at]) => at);
    expect(texts(told('air/value'))).toEqual(['21.5', '21.5', '21.5', '21.5', '21.5']);
    expect(times[0]).toBeLessThan(100);
    expect(times.slice(2).map((at, index) => at - (times[index + 1] ?? 0))).toEqual([60_000, 60_000, 60_000]);
    expect(retained('air/$state')).toBe('ready');
    expect(retained('air/value')).toBe('21.5');
  });

  test('what is published before the first value: state and descriptor', async () => {
    const { apply, clock, heard, retained } = setUp({ scripted: steady() });
    await apply([planOf('air', 'scripted', { about: 'the air' })]);
    await clock.advance(200);
    const order = heard.map(({ message }) => message.topic.slice('hanbus/kitchen/air/'.length));
    expect(order).toEqual(['$state', '$meta', 'value/$publish', '$state', 'value', 'value/$v']);
    expect(JSON.parse(retained('air/$meta') ?? '')).toEqual({
      kind: 'scripted',
      at: 'sim:air',
      group: 'board',
      about: 'the air',
      provenance: { source: 'test', why: 'the test wants it' },
      points: {
        value: { type: 'number', unit: '°C', range: [-55, 125], decimals: 1, period: 5_000, retained: true },
      },
    });
    expect(JSON.parse(retained('air/value/$publish') ?? '')).toEqual({
      every: '1min',
      on_change: '1%',
      origin: { every: 'default', on_change: 'default' },
    });
  });

  test('a change beyond the deadband is told, a smaller one waits for the heartbeat', async () => {
    const values = [20, 20.1, 20.1, 20.3, 20.2, 25];
    const { driver } = makeScripted({ read: (count) => ({ value: values[count - 1] ?? 25 }) });
    const { apply, clock, told } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted')]);
    await clock.advance(29_000);
    expect(texts(told('air/value'))).toEqual(['20', '20.3', '25']);
  });

  test('readings carry unit, time, epoch and a rising sequence; none of time while the clock is not trusted', async () => {
    const { driver } = makeScripted({ read: (count) => ({ value: count }) });
    const { apply, clock, heard } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted')]);
    await clock.advance(6_000);
    const payloads = heard
      .filter(({ message }) => message.topic.endsWith('/value'))
      .map(({ message }) => message.payload);
    expect(payloads[0]).toMatchObject({ form: 'plain', reading: { value: 1, unit: '°C', quality: 'good', epoch: 7 } });
    expect(payloads[1]).toMatchObject({ reading: { value: 2 } });
    const sequences = payloads.map((payload) => (payload as { reading: { sequence: number } }).reading.sequence);
    expect(sequences[1]).toBeGreaterThan(sequences[0] ?? 0);
    const doubtful = setUp({ scripted: driver }, { isTimeTrusted: () => false });
    await doubtful.apply([planOf('air', 'scripted')]);
    await doubtful.clock.advance(1_000);
    const [first] = doubtful.heard.filter(({ message }) => message.topic.endsWith('/value'));
    expect(first?.message.payload).not.toHaveProperty('reading.time');
  });

  test('envelopes are made only for those who look, also for late ones', async () => {
    const { driver } = makeScripted({ read: (count) => ({ value: 20 + count }) });
    const { apply, bus, clock, heard } = setUp({ scripted: driver });
    const withoutAll = heard.length;
    await apply([planOf('air', 'scripted')]);
    await clock.advance(6_000);
    expect(withoutAll).toBe(0);
    const late: string[] = [];
    const topic = 'hanbus/kitchen/air/value/$v';
    bus.subscribe(topic, (message) => void late.push(textOf(message)), { origin: 'late', retained: true });
    expect(JSON.parse(late[0] ?? '')).toMatchObject({ v: 22, u: '°C', q: 'good', e: 7 });
    await clock.advance(5_000);
    expect(late).toHaveLength(2);
    expect(JSON.parse(late[1] ?? '')).toMatchObject({ v: 23 });
    expect(bus.retainedAt(topic)).toBeUndefined();
  });

  test('a value that cannot be true is never told; `$v` says why; the next good one is', async () => {
    const values = [21, -127, Number.NaN, 85.5, 21];
    const { driver } = makeScripted({
      read: (count) => ({ value: count === 4 ? { quality: 'bad', why: 'power-on value' } : (values[count - 1] ?? 21) }),
    });
    const { apply, clock, told, retained, publisher } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted')]);
    await clock.advance(14_000);
    expect(texts(told('air/value'))).toEqual(['21']);
    expect(
      texts(told('/$v'))
        .map((text) => JSON.parse(text))
        .map(({ v, q, why }) => [v, q, why]),
    ).toEqual([
      [21, 'good', undefined],
      [21, 'bad', '-127 is outside -55..125 °C'],
      [21, 'bad', 'NaN is not a number that can be'],
      [21, 'bad', 'power-on value'],
    ]);
    expect(publisher.list()[0]?.points[0]).toMatchObject({ value: 21, quality: 'bad', why: 'power-on value' });
    expect(retained('air/$state')).toBe('ready');
    await clock.advance(5_000);
    expect(texts(told('air/value'))).toEqual(['21', '21']);
  });

  test('without good news for three periods a point is stale, and says so once', async () => {
    let fails = false;
    const { driver } = makeScripted({
      read: () => {
        if (fails) throw new Unavailable('the wire is loose');
        return { value: 21 };
      },
    });
    const { apply, clock, told, publisher, retained } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted')]);
    await clock.advance(10_000);
    fails = true;
    await clock.advance(60_000);
    const doubts = texts(told('/$v')).map((text) => JSON.parse(text).q);
    expect(doubts).toEqual(['good', 'stale']);
    expect(texts(told('air/value'))).toEqual(['21']);
    expect(retained('air/$state')).toBe('failing');
    expect(publisher.list()[0]).toMatchObject({ state: 'failing', why: 'the wire is loose' });
    fails = false;
    await clock.advance(70_000);
    expect(retained('air/$state')).toBe('ready');
    expect(
      texts(told('/$v'))
        .map((text) => JSON.parse(text).q)
        .slice(0, 3),
    ).toEqual(['good', 'stale', 'good']);
  });

  test('at_most: changes within the cap are told when it is over, the newest only', async () => {
    const { driver } = makeScripted({ every: '1s', read: (count) => ({ value: count * 10 }) });
    const { apply, clock, told } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted', { publish: { at_most: '3500ms' } })]);
    await clock.advance(9_500);
    const times = told('air/value').map(([at]) => at);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeCloseTo(3_500, -1);
    expect(texts(told('air/value'))).toEqual(['10', '40', '80']);
  });

  test('unit, scale, name, rounding and filters of a scheme hold', async () => {
    const points = {
      a0: { type: 'number', unit: 'V', range: [0, 5], decimals: 3 },
      t: { type: 'number', unit: '°C', range: [-10, 50], deadband: 0.5 },
    } as const;
    const { driver } = makeScripted({ points, read: () => ({ a0: 1.9, t: 20.04 }) });
    const { apply, clock, told, retained } = setUp({ scripted: driver });
    const a0 = {
      name: 'moisture',
      unit: '%',
      scale: [
        [2.6, 0],
        [1.2, 100],
      ],
      publish: { round: 0, filter: ['median 3', 'clamp 0..100'] },
    } as const;
    await apply([planOf('soil', 'scripted', { points: { a0, t: { publish: { unit: '°F', round: 1 } } } })]);
    await clock.advance(12_000);
    expect(texts(told('soil/moisture'))).toEqual(['50']);
    expect(texts(told('soil/t'))).toEqual(['68.1']);
    const { points: meta } = JSON.parse(retained('soil/$meta') ?? '');
    expect(meta.moisture).toMatchObject({ unit: '%', type: 'number' });
    expect(meta.t).toMatchObject({ unit: '°F', range: [14, 122], deadband: 0.9 });
    expect(JSON.parse(retained('soil/t/$publish') ?? '')).toMatchObject({
      on_change: 0.9,
      origin: { on_change: 'driver' },
    });
  });

  test('events are told each time and never retained', async () => {
    const points = { pressed: { type: 'event' } } as const;
    const { driver } = makeScripted({ points, read: () => ({ pressed: 'once' }) });
    const { apply, clock, told, retained } = setUp({ scripted: driver });
    await apply([planOf('button', 'scripted')]);
    await clock.advance(11_000);
    expect(texts(told('button/pressed'))).toEqual(['once', 'once', 'once']);
    expect(retained('button/pressed')).toBeUndefined();
  });

  test('a policy of the node that cannot hold for a point does not count for it', async () => {
    const points = { h: { type: 'number', unit: '%' }, on: { type: 'boolean' } } as const;
    const { driver } = makeScripted({ points, read: () => ({ h: 40, on: true }) });
    const { apply, clock, retained, told } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted')], { unit: '°F', every: '10s', on_change: '0.2°C' });
    await clock.advance(1_000);
    expect(texts(told('air/h'))).toEqual(['40']);
    expect(texts(told('air/on'))).toEqual(['on']);
    expect(JSON.parse(retained('air/h/$publish') ?? '')).toMatchObject({ every: '10s', on_change: '1%' });
  });

  test('heartbeats go on though a filter swallows what does not change', async () => {
    const { apply, clock, told } = setUp({ scripted: steady() });
    await apply([planOf('air', 'scripted', { publish: { filter: ['delta 1'], every: '30s' } })]);
    await clock.advance(95_000);
    expect(texts(told('air/value'))).toEqual(['21.5', '21.5', '21.5', '21.5']);
  });

  test('a filter that waits for news makes the point stale, and good again', async () => {
    const faulty = makeFaulty({ listens: true });
    const { apply, clock, told } = setUp({ faulty: faulty.driver });
    await apply([planOf('f', 'faulty', { points: { level: { publish: { filter: ['timeout 10s'] } } } })]);
    await clock.advance(1_000);
    faulty.emit({ level: 5 });
    await clock.advance(15_000);
    faulty.emit({ level: 6 });
    await clock.advance(1_000);
    expect(texts(told('f/level'))).toEqual(['5', '6']);
    expect(texts(told('f/level/$v')).map((text) => JSON.parse(text).q)).toEqual(['good', 'stale', 'good']);
  });

  test('a listening device keeps to at_most: the newest is told when the time is over', async () => {
    const faulty = makeFaulty({ listens: true });
    const { apply, clock, told } = setUp({ faulty: faulty.driver });
    await apply([planOf('f', 'faulty', { publish: { at_most: '2s' } })]);
    await clock.advance(1_000);
    for (const level of [10, 20, 30]) faulty.emit({ level });
    await clock.advance(1_990);
    expect(texts(told('f/level'))).toEqual(['10']);
    await clock.advance(20);
    expect(texts(told('f/level'))).toEqual(['10', '30']);
  });

  test('a jump of the wall clock moves no reading', async () => {
    const beats = async (jumpMs: number) => {
      const { driver } = makeScripted({ read: (count) => ({ value: count }) });
      const { apply, clock, told } = setUp({ scripted: driver });
      await apply([planOf('air', 'scripted')]);
      await clock.advance(12_000);
      clock.jump(jumpMs);
      await clock.advance(60_000);
      return told('air/value').map(([at]) => at);
    };
    const calm = await beats(0);
    expect(calm.length).toBeGreaterThan(10);
    expect(await beats(86_400_000)).toEqual(calm);
    expect(await beats(-86_400_000)).toEqual(calm);
  });

  test('a doubtful reading is told with its doubt', async () => {
    const { driver } = makeScripted({
      read: () => ({ value: { value: 20, quality: 'uncertain', why: 'warming up' } }),
    });
    const { apply, clock, told } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted')]);
    await clock.advance(1_000);
    expect(texts(told('air/value'))).toEqual(['20']);
    expect(JSON.parse(texts(told('/$v'))[0] ?? '')).toMatchObject({ q: 'uncertain', why: 'warming up' });
  });

  test('a full bus loses no change: it is told at the next reading', async () => {
    const { driver } = makeScripted({ read: (count) => ({ value: count < 5 ? 20 : 30 }) });
    const { apply, bus, clock, told } = setUp({ scripted: driver });
    await apply([planOf('air', 'scripted')]);
    await clock.advance(14_000);
    const put = bus.put.bind(bus);
    bus.put = () => false;
    await clock.advance(5_000);
    expect(texts(told('air/value'))).toEqual(['20']);
    bus.put = put;
    await clock.advance(5_000);
    expect(texts(told('air/value'))).toEqual(['20', '30']);
  });

  test.each(['heartbeat 2s', 'timeout 50s'])(
    'the filter %s does not call a silent sensor good again',
    async (filter) => {
      const faulty = makeFaulty();
      const { apply, clock, told, publisher } = setUp({ faulty: faulty.driver });
      await apply([planOf('f', 'faulty', { points: { level: { publish: { filter: [filter] } } } })]);
      await clock.advance(5_000);
      faulty.fault = 'read hangs';
      await clock.advance(20_000);
      const silent = told('f/level').length;
      await clock.advance(60_000);
      expect(publisher.list()[0]?.points[0]).toMatchObject({ quality: 'stale' });
      expect(told('f/level').length).toBe(silent);
      faulty.fault = 'nothing';
      faulty.release();
      await clock.advance(10_000);
      expect(publisher.list()[0]?.points[0]).toMatchObject({ quality: 'good' });
      const doubts = texts(told('f/level/$v')).map((text) => JSON.parse(text).q);
      expect(doubts.filter((doubt, index) => doubt !== doubts[index - 1])).toEqual(['good', 'stale', 'good']);
    },
  );

  test('a value that a person asked for in place of a silent sensor is told, and stays', async () => {
    const faulty = makeFaulty();
    const { apply, clock, told, publisher } = setUp({ faulty: faulty.driver });
    await apply([planOf('f', 'faulty', { points: { level: { publish: { filter: ['timeout 30s 7%'] } } } })]);
    await clock.advance(5_000);
    faulty.fault = 'read hangs';
    await clock.advance(60_000);
    expect(publisher.list()[0]?.points[0]).toMatchObject({ value: 7, quality: 'uncertain', why: 'no reading for 30s' });
    expect(texts(told('f/level')).at(-1)).toBe('7');
    const doubts = texts(told('f/level/$v')).map((text) => JSON.parse(text).q);
    expect(doubts.filter((doubt, index) => doubt !== doubts[index - 1])).toEqual(['good', 'stale', 'uncertain']);
  });

  test('what a full bus refused is told soon, and without a storm of tries', async () => {
    const faulty = makeFaulty({ listens: true });
    const { apply, bus, clock, told } = setUp({ faulty: faulty.driver });
    await apply([planOf('f', 'faulty', { publish: { every: '5s' } })]);
    await clock.advance(1_000);
    faulty.emit({ level: 5 });
    const put = bus.put.bind(bus);
    let tries = 0;
    bus.put = () => {
      tries += 1;
      return false;
    };
    faulty.emit({ level: 50 });
    await clock.advance(60_000);
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(100);
    bus.put = put;
    await clock.advance(1_010);
    expect(texts(told('f/level'))).toEqual(['5', '50']);
  });

  test('a device whose first read leaves points out is read again a second later, once', async () => {
    const points = { used: { type: 'number' }, rate: { type: 'number' } } as const;
    const at: number[] = [];
    const { driver } = makeScripted({
      every: '30s',
      points,
      read: (count) => {
        at.push(clock.mono());
        return count === 1 ? { used: 1 } : { used: 1, rate: 5 };
      },
    });
    const whole = makeScripted({ every: '30s', read: () => ({ value: 21 }) });
    const { apply, clock, told } = setUp({ scripted: driver, whole: whole.driver });
    await apply([planOf('board', 'scripted'), planOf('air', 'whole')]);
    await clock.advance(5_000);
    expect(texts(told('board/rate'))).toEqual(['5']);
    expect([at.length, whole.reads]).toEqual([2, 1]);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeCloseTo(1_000, -1);
    await clock.advance(60_000);
    expect(at.length).toBeLessThanOrEqual(5);
  });

  test('a device that always leaves a point out is not read again and again', async () => {
    const points = { a: { type: 'number' }, b: { type: 'number' } } as const;
    const scripted = makeScripted({ every: '30s', points, read: () => ({ a: 1 }) });
    const { apply, clock } = setUp({ scripted: scripted.driver });
    await apply([planOf('board', 'scripted')]);
    await clock.advance(6_000);
    expect(scripted.reads).toBe(2);
  });
});

test('however late the timers of a busy machine are, a device is read on each beat', async () => {
  const scripted = makeScripted({ every: '1s', read: (count) => ({ value: count }) });
  const { apply, clock } = setUpWith({ scripted: scripted.driver }, { lateMs: 400 });
  await apply([planOf('air', 'scripted')]);
  await clock.advance(60_000);
  expect(scripted.reads).toBeGreaterThan(55);
});
