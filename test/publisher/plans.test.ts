import Value from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/bus/message.ts';
import { ListJson, ReadJson } from '../../src/schemes/contracts.ts';
import { makeScripted } from '../fakes/drivers.ts';
import { makeFaulty } from '../fakes/faulty-driver.ts';
import { makeDocument, planOf, setUp as setUpWith, TIMERS } from './set-up.ts';

const rising = () => makeScripted({ every: '1s', read: (count) => ({ value: count }) });

describe.each(TIMERS)('%s', (_name, lateMs) => {
  const setUp = (...[drivers, more]: Parameters<typeof setUpWith>) => setUpWith(drivers, { lateMs, ...more });

  test('what did not change goes on untouched; what changed is opened again', async () => {
    const a = rising();
    const b = rising();
    const { apply, clock, told } = setUp({ a: a.driver, b: b.driver });
    await apply([planOf('one', 'a'), planOf('two', 'b')]);
    await clock.advance(5_500);
    await apply([planOf('one', 'a'), planOf('two', 'b', { options: { at: 'elsewhere' } })]);
    await clock.advance(5_000);
    expect([a.opened.length, a.closes]).toEqual([1, 0]);
    expect([b.opened.length, b.closes]).toEqual([2, 1]);
    expect(b.opened[1]).toEqual({ at: 'elsewhere' });
    const times = told('one/value').map(([at]) => at);
    expect(times.slice(2).every((at, index) => at - (times[index + 1] ?? 0) === 1_000)).toBe(true);
  });

  test('what was removed is closed and its retained topics are cleared', async () => {
    const a = rising();
    const { apply, bus, clock } = setUp({ a: a.driver });
    await apply([planOf('one', 'a'), planOf('two', 'a')]);
    await clock.advance(2_000);
    await apply([planOf('two', 'a')]);
    await clock.advance(1_000);
    expect([...bus.retained('hanbus/kitchen/one/#')]).toEqual([]);
    expect([...bus.retained('hanbus/kitchen/two/#')].length).toBeGreaterThan(3);
  });

  test('a renamed point leaves no topic behind', async () => {
    const a = rising();
    const { apply, clock, retained } = setUp({ a: a.driver });
    await apply([planOf('one', 'a')]);
    await clock.advance(2_000);
    await apply([planOf('one', 'a', { points: { value: { name: 'level' } } })]);
    await clock.advance(1_500);
    expect(retained('one/value')).toBeUndefined();
    expect(retained('one/value/$publish')).toBeUndefined();
    expect(retained('one/level')).toBeDefined();
  });

  test('two points with one name stop the device', async () => {
    const points = { a: { type: 'boolean' }, b: { type: 'boolean' } } as const;
    const { driver } = makeScripted({ points, read: () => ({ a: true }) });
    const { apply, clock, publisher } = setUp({ scripted: driver });
    await apply([planOf('one', 'scripted', { points: { a: { name: 'b' } } })]);
    await clock.advance(1_000);
    expect(publisher.list()[0]).toMatchObject({
      state: 'stopped',
      why: 'the points a and b of one are both called "b"',
    });
  });

  test('what is lost keeps its name and its values, as stale, and comes back', async () => {
    const a = rising();
    const { apply, clock, publisher, retained, told } = setUp({ a: a.driver });
    await apply([planOf('one', 'a')]);
    await clock.advance(3_000);
    await apply([planOf('one', 'a', { lost: true, provenance: { source: 'memory', why: 'was here' } })]);
    await clock.advance(10_000);
    const last = retained('one/value');
    expect(retained('one/$state')).toBe('lost');
    expect(publisher.list()[0]).toMatchObject({ state: 'lost', points: [{ name: 'value', quality: 'stale' }] });
    expect(last).toBeDefined();
    expect(JSON.parse(told('/$v').at(-1)?.[1] ?? '{}')).toMatchObject({ q: 'stale' });
    await apply([planOf('one', 'a')]);
    await clock.advance(1_000);
    expect(retained('one/$state')).toBe('ready');
    expect(a.opened.length).toBe(2);
  });

  test('what is lost from the start is shown and not opened', async () => {
    const a = rising();
    const { apply, clock, publisher, retained } = setUp({ a: a.driver });
    await apply([planOf('one', 'a', { lost: true })]);
    await publisher.firstReadings;
    await clock.advance(5_000);
    expect([a.opened.length, retained('one/$state')]).toEqual([0, 'lost']);
    expect(publisher.list()[0]).toMatchObject({ name: 'one', state: 'lost', points: [] });
  });

  test('the same hardware is not opened again before the old driver has really let go', async () => {
    const faulty = makeFaulty();
    const { apply, clock, retained } = setUp({ faulty: faulty.driver });
    await apply([planOf('f', 'faulty')]);
    await clock.advance(2_000);
    faulty.fault = 'close hangs';
    const applying = apply([planOf('f', 'faulty', { about: 'changed' })]);
    await clock.advance(30_000);
    await applying;
    expect([faulty.opens, retained('f/$state')]).toEqual([1, 'init']);
    faulty.fault = 'nothing';
    faulty.release();
    await clock.advance(1_000);
    expect([faulty.opens, retained('f/$state')]).toEqual([2, 'ready']);
  });

  test('a new policy of the node holds for devices that run', async () => {
    const { driver } = makeScripted({ read: () => ({ value: 20 }) });
    const { apply, clock, retained, told } = setUp({ scripted: driver });
    await apply([planOf('one', 'scripted')]);
    await clock.advance(6_000);
    const before = told('one/value').length;
    await apply([planOf('one', 'scripted')], { every: '2s' });
    await clock.advance(10_000);
    expect(told('one/value').length - before).toBeGreaterThanOrEqual(4);
    expect(JSON.parse(retained('one/value/$publish') ?? '')).toMatchObject({ every: '2s', origin: { every: 'node' } });
  });

  test('first readings are over when each device has answered or failed', async () => {
    const faulty = makeFaulty({ deadline: '2s' });
    faulty.fault = 'read hangs';
    const { apply, clock, publisher } = setUp({ a: rising().driver, faulty: faulty.driver });
    let isOver = false;
    void publisher.firstReadings.then(() => {
      isOver = true;
    });
    await apply([planOf('one', 'a'), planOf('f', 'faulty'), planOf('x', 'nothing')]);
    await clock.advance(1_500);
    expect(isOver).toBe(false);
    await clock.advance(1_000);
    expect(isOver).toBe(true);
  });

  test('list tells the code and the fix of what keeps a device from being ready', async () => {
    const faulty = makeFaulty();
    faulty.fault = 'read throws';
    const { apply, clock, publisher } = setUp({ faulty: faulty.driver });
    await apply([planOf('f', 'faulty'), planOf('x', 'nothing')]);
    await clock.advance(2_000);
    expect(publisher.list('f')[0]).toMatchObject({ state: 'failing', code: 'HB141', why: 'the wire is loose' });
    expect(publisher.list('x')[0]).toMatchObject({ state: 'stopped', code: 'HB140', fix: 'hanbus scan' });
    faulty.fault = 'nothing';
    await clock.advance(60_000);
    expect(publisher.list('f')[0]).not.toHaveProperty('code');
  });

  test('list: all, by glob, valid by its contract', async () => {
    const { apply, ask, clock, publisher } = setUp({ a: rising().driver });
    await apply([planOf('two', 'a'), planOf('one', 'a'), planOf('gone', 'nothing')]);
    await clock.advance(2_000);
    const [answer] = await ask('$req/list', '{"id":"1"}');
    expect(Value.Check(ListJson, answer.result)).toBe(true);
    expect(answer.result.devices.map(({ name }: { name: string }) => name)).toEqual(['gone', 'one', 'two']);
    expect(publisher.list('one.*').map(({ name }) => name)).toEqual(['one']);
    expect(publisher.list('*.value').map(({ name }) => name)).toEqual(['one', 'two']);
    expect(publisher.list('kitchen.one').map(({ name }) => name)).toEqual(['one']);
    expect(publisher.list('on').map(({ name }) => name)).toEqual([]);
    expect((await ask('$req/list', '{"glob":7}'))[0].error.code).toBe('HB158');
    expect(publisher.counts()).toMatchObject({ devices: 3, points: 2 });
  });

  test('read: one fresh reading, shared by all who ask, also with the read that runs', async () => {
    const { driver } = makeScripted({ every: '1h', read: (count) => ({ value: count }) });
    const scripted = makeScripted({ every: '1h', read: (count) => ({ value: count }) });
    const { apply, ask, bus, clock } = setUp({ scripted: scripted.driver, other: driver });
    await apply([planOf('one', 'scripted')]);
    await clock.advance(20_000);
    const { reads } = scripted;
    for (let n = 0; n < 10; n += 1)
      bus.publish({ topic: 'hanbus/kitchen/$req/read', payload: '{"points":["one.value"]}', origin: 'x' });
    const answers = await ask('$req/read', '{"id":"9","points":["one.value"]}');
    expect(scripted.reads).toBe(reads + 1);
    const last = answers.at(-1);
    expect(Value.Check(ReadJson, last.result)).toBe(true);
    expect(last.result.readings[0]).toMatchObject({ point: 'one.value', value: reads + 1, quality: 'good', ageMs: 0 });
  });

  test('read: unknown points, devices that do not answer, wrong arguments', async () => {
    const faulty = makeFaulty({ deadline: '30s' });
    const { apply, ask, clock, heard } = setUp({ faulty: faulty.driver, a: rising().driver });
    await apply([planOf('f', 'faulty'), planOf('one', 'a')]);
    await clock.advance(2_500);
    expect((await ask('$req/read', '{"points":["one.valu"]}'))[0].error.code).toBe('HB152');
    expect((await ask('$req/read', '{"points":[]}'))[0].error.code).toBe('HB158');
    faulty.fault = 'read hangs';
    await clock.advance(1_000);
    const asked = heard.length;
    expect(await ask('$req/read', '{"id":"alone","points":["f.level"]}')).toEqual([]);
    expect(await ask('$req/read', '{"id":"both","points":["f.level","one.value"]}')).toEqual([]);
    await clock.advance(5_010);
    const answers = heard.slice(asked).filter(({ message }) => message.topic.endsWith('$res/read'));
    const byId = new Map(answers.map(({ message }) => [JSON.parse(textOf(message)).id, JSON.parse(textOf(message))]));
    expect(byId.get('alone').error.code).toBe('HB143');
    expect(byId.get('both').result.readings).toMatchObject([
      { point: 'f.level', quality: 'stale', why: 'no answer within 5000 ms' },
      { point: 'one.value', quality: 'good' },
    ]);
  });

  test('what is lost from the start shows the points that it had in an earlier run', async () => {
    const descriptors = makeDocument();
    const points = {
      t: { type: 'number', unit: '°C', range: [-40, 85], decimals: 1 },
      on: { type: 'boolean' },
    } as const;
    const plan = planOf('one', 'a', { points: { t: { name: 'warm', publish: { every: '10s' } } } });
    const { driver } = makeScripted({ points, read: () => ({ t: 20, on: true }) });
    const first = setUp({ a: driver }, { descriptors });
    await first.apply([plan]);
    await first.clock.advance(2_000);
    const second = setUp({ a: driver }, { descriptors });
    await second.apply([{ ...plan, lost: true }]);
    await second.clock.advance(2_000);
    const why = 'it is not attached any more';
    expect(second.publisher.list('one.warm')[0]?.points).toEqual([
      {
        name: 'warm',
        topic: 'hanbus/kitchen/one/warm',
        type: 'number',
        unit: '°C',
        range: [-40, 85],
        value: null,
        text: '-',
        quality: 'none',
        why,
      },
    ]);
    const { points: meta } = JSON.parse(second.retained('one/$meta') ?? '{}');
    expect(meta).toEqual({ warm: { ...points.t, retained: true }, on: { ...points.on, retained: true } });
    expect(JSON.parse(second.retained('one/warm/$publish') ?? '{}')).toMatchObject({ every: '10s' });
    await second.apply([plan]);
    await second.clock.advance(2_000);
    expect(second.publisher.list('one.warm')[0]?.points[0]).toMatchObject({ value: 20, quality: 'good' });
    const { value: stored } = descriptors;
    await second.publisher.stop();
    expect(descriptors.value).toBe(stored);
  });

  test.each([
    ['another kind', { devices: { one: { kind: 'b', points: { t: { type: 'number' } } } } }],
    ['rubbish', { devices: { one: { kind: 'a', points: { t: { type: 'colour' }, u: 7 } }, two: null } }],
    ['no book', [1, 2]],
  ])('a descriptor of %s is no descriptor', async (_what, stored) => {
    const { apply, clock, publisher } = setUp({}, { descriptors: makeDocument(stored) });
    await apply([planOf('one', 'a', { lost: true })]);
    await clock.advance(1_000);
    expect(publisher.list()[0]).toMatchObject({ name: 'one', state: 'lost', points: [] });
  });

  test('the book of descriptors is bounded: what was opened longest ago is forgotten', async () => {
    const descriptors = makeDocument();
    const { driver } = makeScripted({ every: '60s', read: () => ({ value: 20 }) });
    const { apply, clock } = setUp({ a: driver }, { descriptors });
    await apply([planOf('first', 'a')]);
    await clock.advance(1_000);
    await apply(Array.from({ length: 500 }, (_, index) => planOf(`d${index}`, 'a')));
    await clock.advance(1_000);
    const { devices } = descriptors.value as { devices: object };
    expect(Object.keys(devices)).toHaveLength(500);
    expect(devices).not.toHaveProperty('first');
  });

  test('at the stop one line tells how many devices stopped; one that a plan removes is told by name', async () => {
    const { apply, clock, lines, publisher } = setUp({ a: rising().driver });
    await apply([planOf('one', 'a'), planOf('two', 'a'), planOf('three', 'a')]);
    await clock.advance(1_000);
    await apply([planOf('one', 'a'), planOf('two', 'a')]);
    await publisher.stop();
    await publisher.stop();
    const told = lines.filter(({ level }) => level !== 'debug').map(({ text, fields }) => [text, fields]);
    expect(told).toEqual([
      ['device removed', expect.objectContaining({ device: 'three' })],
      ['devices stopped', expect.objectContaining({ devices: 2 })],
    ]);
  });
});
