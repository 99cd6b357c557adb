import { describe, expect, test } from 'vitest';
import { makeScripted } from '../fakes/drivers.ts';
import { makeDocument, planOf, setUp as setUpWith, TIMERS } from './set-up.ts';

describe.each(TIMERS)('%s', (_name, lateMs) => {
  const setUp = (...[drivers, more]: Parameters<typeof setUpWith>) => setUpWith(drivers, { lateMs, ...more });
  const running = async (overrides = makeDocument()) => {
    const { driver } = makeScripted({ read: (count) => ({ value: 20 + (count % 2) * 5 }) });
    const world = setUp({ scripted: driver }, { overrides });
    await world.apply([planOf('board', 'scripted', { points: { value: { name: 'load' } } })]);
    await world.clock.advance(1_000);
    const set = (payload: string, message = {}) => world.ask('board/load/$publish/set', payload, message);
    const policy = () => JSON.parse(world.retained('board/load/$publish') ?? '{}');
    /** Times between what was told from now on; 10 ms are near enough. */
    const gaps = async (ms: number) => {
      const before = world.told('board/load').length;
      await world.clock.advance(ms);
      const times = world
        .told('board/load')
        .slice(before)
        .map(([at]) => at);
      return times.slice(1).map((at, index) => Math.round((at - (times[index] ?? 0)) / 10) * 10);
    };
    return { ...world, gaps, overrides, policy, set };
  };

  test('a patch changes the rate at once, is shown with its origin, and is undone', async () => {
    const { clock, gaps, policy, set, told } = await running();
    const before = told('board/load').length;
    const [answer] = await set('{"id":"7","every":"2s"}');
    expect(answer).toMatchObject({
      id: '7',
      ok: true,
      result: { hanbus: 'publish/1', point: 'board.load', kept: true },
    });
    expect(answer.result.policy.every).toBe('2s');
    expect(policy()).toMatchObject({
      every: '2s',
      on_change: '1%',
      origin: { every: 'run time', on_change: 'default' },
    });
    await clock.advance(2_100);
    expect(told('board/load').length).toBeGreaterThan(before);
    expect(await gaps(10_000)).toEqual([2_000, 2_000, 2_000, 2_000]);
    const [undone] = await set('undo');
    expect(undone).toMatchObject({ ok: true, result: { policy: { every: '1min' }, origin: { every: 'default' } } });
    expect(await gaps(21_000)).toEqual([5_000, 5_000, 5_000]);
  });

  test('a faster rate does not make the news so far stale', async () => {
    const { clock, set, told } = await running();
    await clock.advance(3_500);
    await set('{"every":"1s"}');
    await clock.advance(5_000);
    const doubts = told('board/load/$v').map(([, text]) => JSON.parse(text).q);
    expect(new Set(doubts)).toEqual(new Set(['good']));
  });

  test('a change survives a restart, and can then be undone', async () => {
    const overrides = makeDocument();
    const first = await running(overrides);
    await first.set('{"every":"2s"}');
    const stopping = first.publisher.stop();
    await first.clock.advance(1_000);
    await stopping;
    const second = await running(makeDocument(JSON.parse(JSON.stringify(overrides.value))));
    expect(second.policy()).toMatchObject({ every: '2s', origin: { every: 'run time' } });
    expect(second.publisher.liveSettings()).toEqual([
      { key: 'devices.board.points.load.publish.every', value: '2s', origin: 'run time' },
    ]);
    await second.set('undo');
    expect(second.policy()).toMatchObject({ every: '1min', origin: { every: 'default' } });
    expect(second.publisher.liveSettings()).toEqual([]);
  });

  test.each([
    ['{"every": -1}', 'HB2'],
    ['{"every": 5}', 'HB210'],
    ['{"every": "-1s"}', 'HB2'],
    ['{"evry": "5s"}', 'HB204'],
    ['{"every": "5 parsecs"}', 'HB2'],
    ['{"unit": "hPa"}', 'HB211'],
    ['{"on_change": "3 hPa"}', 'HB211'],
    ['{"filter": ["medain 5"]}', 'HB243'],
    ['{"filter": ["invert"]}', 'HB246'],
    ['{"round": 99}', 'HB240'],
    ['{}', 'HB158'],
    ['[1]', 'HB205'],
    ['null', 'HB205'],
    ['5s', 'HB158'],
    ['undo!', 'HB158'],
  ])('%s is refused with the reason, and nothing changes', async (payload, code) => {
    const { lines, policy, set, overrides } = await running();
    const before = policy();
    const [answer] = await set(payload);
    expect(answer.ok).toBe(false);
    expect(answer.error.code.startsWith(code)).toBe(true);
    expect(answer.error.message.length).toBeGreaterThan(10);
    expect(policy()).toEqual(before);
    expect(overrides.value).toBeUndefined();
    const refusals = lines.filter(({ level }) => level === 'warn');
    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.fields).toMatchObject({ code: answer.error.code, point: 'board.load' });
  });

  test('a retained patch is refused and taken off the bus', async () => {
    const { set, policy, retained } = await running();
    const [answer] = await set('{"every":"2s"}', { retain: true });
    expect(answer.error.code).toBe('HB161');
    expect(policy().every).toBe('1min');
    expect(retained('board/load/$publish/set')).toBeUndefined();
  });

  test('an id that is no text is left out, whatever it is', async () => {
    const { set } = await running();
    const [answer] = await set('{"id":{"toString":1},"every":"2s"}');
    expect(answer).toMatchObject({ ok: true });
    expect(answer).not.toHaveProperty('id');
  });

  test('a point that is not there', async () => {
    const { ask } = await running();
    const [answer] = await ask('board/lod/$publish/set', '{"every":"2s"}');
    expect(answer.error).toMatchObject({ code: 'HB152', message: 'there is no point "board.lod"' });
  });

  test('the answer goes to the response topic with the correlation data too', async () => {
    const { set, heard } = await running();
    const correlationData = new Uint8Array([9]);
    await set('{"every":"2s"}', { props: { responseTopic: 'me/answers', correlationData } });
    const answer = heard.find(({ message }) => message.topic === 'me/answers');
    expect(answer?.message.props?.correlationData).toEqual(correlationData);
  });

  test('null takes a key back', async () => {
    const { set, policy } = await running();
    await set('{"every":"2s","round":0}');
    await set('{"every":null}');
    expect(policy()).toMatchObject({ every: '1min', round: 0, origin: { every: 'default', round: 'run time' } });
  });

  test('20 changes can be undone one by one, then there is nothing', async () => {
    const { ask, set, policy } = await running();
    for (let n = 1; n <= 25; n += 1) await set(`{"every":"${n}s"}`);
    for (let n = 24; n >= 5; n -= 1) {
      const [answer] = await ask('$req/undo', '{"id":"1"}');
      expect(answer).toMatchObject({ ok: true, result: { point: 'board.load', policy: { every: `${n}s` } } });
    }
    const [answer] = await ask('$req/undo', '{}');
    expect(answer.error.code).toBe('HB160');
    expect(policy().every).toBe('5s');
  });

  test('another unit holds at once, for value, range and descriptor', async () => {
    const { clock, set, retained, publisher } = await running();
    await set('{"unit":"°F","round":1}');
    await clock.advance(100);
    expect(['68', '77']).toContain(retained('board/load'));
    expect(JSON.parse(retained('board/$meta') ?? '').points.load).toMatchObject({ unit: '°F', range: [-67, 257] });
    expect(publisher.list()[0]?.points[0]).toMatchObject({ unit: '°F', quality: 'good' });
  });

  test('retain off takes the value off the bus', async () => {
    const { set, retained } = await running();
    expect(retained('board/load')).toBeDefined();
    await set('{"retain":false}');
    expect(retained('board/load')).toBeUndefined();
  });

  test('a book of rubbish is an empty book', async () => {
    const { policy, set } = await running(
      makeDocument({ points: { 'board.load': 7, x: null }, history: [1, {}, null] }),
    );
    expect(policy().every).toBe('1min');
    expect((await set('undo'))[0].error.code).toBe('HB160');
  });

  test('the verb publish does the same', async () => {
    const { ask, policy } = await running();
    const [good] = await ask('$req/publish', '{"id":"1","point":"kitchen.board.load","set":{"every":"3s"}}');
    expect(good).toMatchObject({ id: '1', ok: true, result: { point: 'board.load', policy: { every: '3s' } } });
    expect(policy().every).toBe('3s');
    const [bad] = await ask('$req/publish', '{"id":"2","set":{"every":"3s"}}');
    expect(bad.error.code).toBe('HB158');
  });
});
