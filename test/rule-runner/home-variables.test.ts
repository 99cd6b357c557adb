import { expect, it } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { readingOf, textOf } from '../../src/bus/message.ts';
import { HomeVariables } from '../../src/rule-runner/home-variables.ts';
import { serveVariables } from '../../src/rule-runner/variable-doors.ts';
import type { Variable } from '../../src/schemes/rules/rule.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

const MODE: Variable = { name: 'mode', type: 'enum', values: ['home', 'away', 'night'], initial: 'home' };
const LIMIT: Variable = { name: 'limit', type: 'number', unit: '°C', initial: 20 };
const COUNTER = { on: 'event', point: 'door.bell.pressed', text: 'bell.pressed' } as const;
const RINGS: Variable = { name: 'rings', type: 'number', initial: 0, counter: COUNTER, reset: 'daily' };

/** 22 November 2026, 22:00 in Amsterdam. */
const EVENING = Date.UTC(2026, 10, 22, 21);

function home(stored?: unknown, isTrusted = true) {
  const bus = new Bus((error) => {
    throw error;
  });
  const clock = makeFakeClock(EVENING);
  const { log, lines } = makeFakeLog();
  let changes = 0;
  const variables = new HomeVariables(
    {
      ...{ bus, clock, epoch: 3, timeZone: 'Europe/Amsterdam', isTimeTrusted: () => isTrusted },
      onChange: () => {
        changes += 1;
      },
    },
    stored,
  );
  const acks: unknown[] = [];
  const end = serveVariables({ bus, log, variables });
  bus.subscribe('hanbus/home/+/$ack', (message) => acks.push(JSON.parse(textOf(message))), { origin: 'test' });
  const value = (name: string) => {
    const message = bus.retainedAt(`hanbus/home/${name}`);
    return message === undefined ? undefined : readingOf(message)?.value;
  };
  const say = (topic: string, payload: string, retain = false) =>
    void bus.publish({ topic, payload, retain, origin: 'mqtt:ann' });
  return { bus, clock, lines, variables, acks, value, say, end, changes: () => changes };
}

it('retains typed values, with what they begin with', () => {
  const { bus, variables } = home();
  variables.apply([MODE, LIMIT]);
  const message = bus.retainedAt('hanbus/home/limit');
  if (message === undefined) throw new Error('not retained');
  expect(textOf(message)).toBe('20');
  expect(readingOf(message)).toMatchObject({ value: 20, unit: '°C', quality: 'good', epoch: 3, time: EVENING });
});

it('is set from MQTT, by a plain value or by a command with an id', () => {
  const { variables, say, value, acks } = home();
  variables.apply([MODE, LIMIT]);
  say('hanbus/home/mode/set', 'Away');
  expect(value('mode')).toBe('away');
  say('hanbus/home/limit/$cmd', '{"id":"7","v":"68 °F","by":"dashboard:ann"}');
  expect(value('limit')).toBe(20);
  expect(acks).toEqual([
    { id: expect.any(String), st: 'done', v: 'away' },
    { id: '7', st: 'done', v: 20 },
  ]);
  expect(variables.stored()).toMatchObject({ mode: { by: 'mqtt:ann' }, limit: { by: 'dashboard:ann' } });
});

it.each([
  {
    topic: 'hanbus/home/mode/set',
    payload: 'nihgt',
    retain: false,
    code: 'HB343',
    why: 'is not home or away or night',
  },
  { topic: 'hanbus/home/limit/set', payload: '5 kWh', retain: false, code: 'HB343', why: 'has the unit kWh' },
  { topic: 'hanbus/home/limit/$cmd', payload: 'no json', retain: false, code: 'HB343', why: 'no JSON' },
  { topic: 'hanbus/home/moode/set', payload: 'home', retain: false, code: 'HB342', why: 'no variable "moode"' },
  { topic: 'hanbus/home/mode/set', payload: 'away', retain: true, code: 'HB344', why: 'retained' },
])('$topic $payload is refused with a reason', ({ topic, payload, retain, code, why }) => {
  const { bus, variables, say, value, acks, lines } = home();
  variables.apply([MODE, LIMIT]);
  say(topic, payload, retain);
  expect(acks).toEqual([{ id: expect.any(String), st: 'rejected', code, why: expect.stringContaining(why) }]);
  expect(lines).toMatchObject([{ level: 'warn', fields: { code } }]);
  expect([value('mode'), value('limit')]).toEqual(['home', 20]);
  expect(bus.retainedAt(topic)).toBeUndefined();
});

it('comes back with its value after a restart, and is not set anew by a new scheme', () => {
  const first = home();
  first.variables.apply([MODE]);
  first.say('hanbus/home/mode/set', 'night');
  const second = home(JSON.parse(JSON.stringify(first.variables.stored())));
  second.variables.apply([MODE]);
  expect(second.value('mode')).toBe('night');
  second.variables.apply([MODE, LIMIT]);
  expect(second.value('mode')).toBe('night');
  second.variables.apply([{ ...MODE, values: ['home', 'away'] }]);
  expect(second.value('mode')).toBe('home');
  second.variables.apply([]);
  expect(second.bus.retainedAt('hanbus/home/mode')).toBeUndefined();
});

it('what an earlier life left on the bus is taken off', () => {
  const { bus, variables, value } = home();
  for (const name of ['mode', 'old']) {
    bus.restore({ topic: `hanbus/home/${name}`, payload: Buffer.from('x'), retain: true, qos: 0, origin: 'store' });
  }
  variables.apply([MODE]);
  expect(bus.retainedAt('hanbus/home/old')).toBeUndefined();
  expect(value('mode')).toBe('home');
});

it.each([[null], ['x'], [{ mode: null }], [{ mode: { value: null } }], [{ mode: { value: 'noon', by: 7 } }]])(
  'starts anyway from %j',
  (stored) => {
    const { variables, value } = home(stored);
    variables.apply([MODE]);
    expect(value('mode')).toBe('home');
  },
);

it('counts, and starts again at local midnight', async () => {
  const { clock, variables, value } = home();
  variables.apply([RINGS]);
  variables.count('rings');
  variables.count('rings');
  await clock.advance(3_600_000);
  variables.count('rings');
  expect(value('rings')).toBe(3);
  await clock.advance(3_599_000);
  expect(value('rings')).toBe(3);
  await clock.advance(2_000);
  expect(value('rings')).toBe(0);
});

it('a counter survives a restart within its day, and not the next one', () => {
  const first = home();
  first.variables.apply([RINGS]);
  first.variables.count('rings');
  const stored: unknown = JSON.parse(JSON.stringify(first.variables.stored()));
  const same = home(stored);
  same.variables.apply([RINGS]);
  expect(same.value('rings')).toBe(1);
  const next = home(stored);
  next.clock.jump(7_300_000);
  next.variables.apply([RINGS]);
  expect(next.value('rings')).toBe(0);
});

it('a clock that is set back ends no day, and one that nobody set ends none either', async () => {
  const back = home();
  back.variables.apply([RINGS]);
  back.variables.count('rings');
  back.clock.jump(-90_000_000);
  back.variables.count('rings');
  expect(back.value('rings')).toBe(2);
  const unset = home(undefined, false);
  unset.variables.apply([RINGS]);
  unset.variables.count('rings');
  await unset.clock.advance(7_300_000);
  expect(unset.value('rings')).toBe(1);
});
