import { expect, test } from 'vitest';
import { settle } from '../fakes/clock.ts';
import { openHome } from './set-up.ts';

const S = 1_000;
const MIN = 60 * S;

test('max_on switches back by itself, and tries until it succeeds', async () => {
  const home = await openHome({ guards: { pump: { maxOnMs: MIN } } });
  await home.set('pump.state', 'on');
  home.hardware.onWrite = () => ({ done: false, how: 'refused', code: 'HB149', why: 'no' });
  await home.clock.advance(MIN + 1 * S);
  home.hardware.onWrite = () => undefined;
  await home.clock.advance(6 * S);
  expect(home.acts()).toEqual(['pump.state=on', 'pump.state=off']);
  expect(home.ends().slice(0, 2)).toEqual(['pump.state done', 'pump.state rejected HB149']);
});

test('max_on counts from the switch, not from the last command', async () => {
  const home = await openHome({ guards: { pump: { maxOnMs: MIN } } });
  await home.set('pump.state', 'on');
  await home.clock.advance(40 * S);
  await home.set('pump.state', 'on');
  await home.clock.advance(21 * S);
  expect(home.acts()).toEqual(['pump.state=on', 'pump.state=on', 'pump.state=off']);
});

test('max_on survives a restart: the time that passed counts', async () => {
  const home = await openHome({ guards: { pump: { maxOnMs: 10 * MIN } } });
  await home.set('pump.state', 'on');
  await home.clock.advance(4 * MIN);
  const next = await home.killed();
  await next.clock.advance(5 * MIN);
  expect(next.acts()).toEqual(['pump.state=on']);
  await next.clock.advance(MIN + S);
  expect(next.acts()).toEqual(['pump.state=on', 'pump.state=off']);
});

test('a timed command goes back to rest, and a new one takes its place', async () => {
  const home = await openHome();
  await home.cmd('pump.state', { v: 'on', for: '20s' });
  await home.clock.advance(15 * S);
  await home.cmd('pump.state', { v: 'on', for: '20s' });
  await home.clock.advance(15 * S);
  expect(home.acts()).toEqual(['pump.state=on', 'pump.state=on']);
  await home.clock.advance(6 * S);
  expect(home.acts().at(-1)).toBe('pump.state=off');
  await home.cmd('pump.state', { v: 'on', for: '20s' });
  await home.cmd('pump.state', { v: 'on' });
  await home.clock.advance(MIN);
  expect(home.hardware.values.get('pump.state')).toBe(true);
});

test('the timer of a timed command is on the disk before the hardware acts', async () => {
  const home = await openHome();
  let moment = home.disk.afterKill();
  home.hardware.onWrite = () => {
    moment = home.disk.afterKill();
    return undefined;
  };
  await home.cmd('pump.state', { v: 'on', for: '20min' });
  home.hardware.onWrite = () => undefined;
  const next = await home.killed({ disk: moment });
  await next.clock.advance(20 * MIN + S);
  expect(next.acts()).toEqual(['pump.state=on', 'pump.state=off']);
});

test('a timer that was missed while the power was off runs at once', async () => {
  const home = await openHome();
  await home.cmd('pump.state', { v: 'on', for: '20min' });
  home.clock.jump(60 * MIN);
  const next = await home.killed();
  await next.clock.advance(S);
  expect(next.acts()).toEqual(['pump.state=on', 'pump.state=off']);
});

test('after a restart with a clock that went back, what is on is switched off', async () => {
  const home = await openHome({ guards: { pump: { maxOnMs: 10 * MIN } } });
  await home.set('pump.state', 'on');
  await home.clock.advance(MIN);
  home.clock.jump(-86_400_000);
  const next = await home.killed();
  await next.clock.advance(S);
  expect(next.acts()).toEqual(['pump.state=on', 'pump.state=off']);
});

test('a clock that is set while it is on does not shorten or lengthen its time', async () => {
  const home = await openHome({ guards: { pump: { maxOnMs: 10 * MIN } } });
  home.clock.jump(-400 * 86_400_000);
  await home.set('pump.state', 'on');
  await home.clock.advance(MIN);
  home.clock.jump(400 * 86_400_000);
  await home.clock.advance(MIN);
  const next = await home.killed();
  await next.clock.advance(7 * MIN);
  expect(next.acts()).toEqual(['pump.state=on']);
  await next.clock.advance(MIN + S);
  expect(next.acts()).toEqual(['pump.state=on', 'pump.state=off']);
});

test('dead_man: without a new command it goes to safe', async () => {
  const home = await openHome({ guards: { pump: { deadManMs: 30 * S, safe: false } } });
  await home.set('pump.state', 'on');
  await home.clock.advance(25 * S);
  await home.set('pump.state', 'on');
  await home.clock.advance(25 * S);
  expect(home.hardware.values.get('pump.state')).toBe(true);
  await home.clock.advance(6 * S);
  expect(home.hardware.values.get('pump.state')).toBe(false);
  expect(home.acks.filter(({ st }) => st === 'done')).toHaveLength(4); // safe at the start, on, on, off
});

test('safe: asserted when the device gets ready, and again after it was away', async () => {
  const home = await openHome({ guards: { 'heater.mode': { safe: 'eco' } } });
  expect(home.acts()).toEqual(['heater.mode=eco']);
  await home.set('heater.mode', 'warm');
  await home.health('heater', 'lost');
  await home.health('heater', 'ready');
  expect(home.acts()).toEqual(['heater.mode=eco', 'heater.mode=warm', 'heater.mode=eco']);
});

test('safe comes before what was asked while the device was being opened', async () => {
  const home = await openHome({ guards: { pump: { safe: false } } });
  await home.health('pump', 'init');
  await home.set('pump.state', 'on');
  await home.health('pump', 'ready');
  expect(home.acts()).toEqual(['pump.state=off', 'pump.state=off', 'pump.state=on']);
});

test('restore: last brings back the last value, leave does nothing', async () => {
  const guards = { 'heater.mode': { safe: 'eco', restore: 'last' }, pump: { restore: 'leave', maxOnMs: MIN } } as const;
  const home = await openHome({ guards });
  await home.set('heater.mode', 'warm');
  await home.set('pump.state', 'on');
  await home.clock.advance(S);
  const next = await home.killed();
  expect(next.acts().slice(3)).toEqual(['heater.mode=warm']);
  expect(next.mediator.initialOf('heater')).toEqual({ mode: 'warm' });
  expect(next.mediator.initialOf('pump')).toEqual({});
});

test('what a point must be is known before its device was ever seen', async () => {
  const home = await openHome({ guards: { pump: { safe: false } } });
  expect(home.mediator.initialOf('pump')).toEqual({ '*': false, state: false });
});

test('min_off: a command waits when it may, and is refused with the time when it may not', async () => {
  const home = await openHome({ guards: { pump: { minOffMs: 20 * S } } });
  await home.set('pump.state', 'on');
  await home.set('pump.state', 'off');
  await home.cmd('pump.state', { id: 'no', v: 'on', ttl: '5s' });
  expect(home.acks.at(-1)).toMatchObject({
    id: 'no',
    st: 'rejected',
    code: 'HB362',
    why: 'min_off 20s of pump.state has 20s to go',
  });
  await home.cmd('pump.state', { id: 'yes', v: 'on', ttl: '30s' });
  expect(home.acts()).toEqual(['pump.state=on', 'pump.state=off']);
  await home.clock.advance(21 * S);
  expect(home.acts().at(-1)).toBe('pump.state=on');
  expect(home.acks.at(-1)).toMatchObject({ id: 'yes', st: 'done' });
});

test('min_on holds the off, but a safety does not wait for it', async () => {
  const home = await openHome({ guards: { pump: { minOnMs: 20 * S, deadManMs: 10 * S } } });
  await home.set('pump.state', 'on');
  await home.cmd('pump.state', { v: 'off', ttl: '1s' });
  expect(home.ends().at(-1)).toBe('pump.state rejected HB362');
  await home.clock.advance(11 * S);
  expect(home.hardware.values.get('pump.state')).toBe(false);
});

test('max_per_hour counts switches, not commands', async () => {
  const home = await openHome({ guards: { pump: { maxPerHour: 2 } } });
  for (const value of ['on', 'on', 'off', 'on', 'off', 'on']) {
    await home.clock.advance(S);
    await home.set('pump.state', value);
  }
  expect(home.ends().at(-1)).toBe('pump.state rejected HB362');
  expect(home.guard('pump.state')).toMatchObject({ on: false, switches_this_hour: 2, locked_why: 'max_per_hour 2' });
  await home.clock.advance(60 * MIN);
  await home.set('pump.state', 'on');
  expect(home.ends().at(-1)).toBe('pump.state done');
});

test('max_per_hour survives a restart', async () => {
  const home = await openHome({ guards: { pump: { maxPerHour: 1 } } });
  await home.set('pump.state', 'on');
  await home.set('pump.state', 'off');
  await home.clock.advance(S);
  const next = await home.killed();
  await next.set('pump.state', 'on');
  expect(next.ends()).toEqual(['pump.state rejected HB362']);
});

test('max_per_hour and min_off of a thing that only acts: each command counts', async () => {
  const home = await openHome({ guards: { gate: { maxPerHour: 2, minOffMs: 10 * S } } });
  await home.set('gate.open', 'open');
  await home.clock.advance(5 * S);
  await home.cmd('gate.open', { v: 'close', ttl: '2s' });
  await home.clock.advance(5 * S);
  await home.set('gate.open', 'close');
  await home.clock.advance(20 * S);
  await home.set('gate.open', 'open');
  expect(home.acts()).toEqual(['gate.open=open', 'gate.open=close']);
  expect(home.ends().filter((end) => end.endsWith('HB362'))).toHaveLength(2);
});

test('a clock that is set does not end a lock, nor does a restart after it', async () => {
  const home = await openHome({ guards: { pump: { minOffMs: 10 * MIN } } });
  home.clock.jump(-1_700_000_000_000);
  await home.set('pump.state', 'on');
  await home.set('pump.state', 'off');
  await home.clock.advance(MIN);
  home.clock.jump(1_700_000_000_000);
  await home.clock.advance(MIN);
  const next = await home.killed();
  await next.set('pump.state', 'on');
  expect(next.acks.at(-1)).toMatchObject({ code: 'HB362', why: 'min_off 10min of pump.state has 8min to go' });
});

test('the page of a point that is gone is taken off the bus', async () => {
  const home = await openHome({ guards: { pump: { maxOnMs: MIN } } });
  expect(home.guard('pump.state')).toMatchObject({ on: false });
  home.bus.publish({ topic: 'hanbus/kitchen/pump/$meta', payload: '', retain: true, origin: 'publisher' });
  expect(home.guard('pump.state')).toBeUndefined();
});

const BLIND = { 'blind.up': { interlock: 'blind' }, 'blind.down': { interlock: 'blind' } };

test('an interlock without a wait refuses the second one', async () => {
  const home = await openHome({ guards: BLIND });
  await home.set('blind.up', 'on');
  await home.set('blind.down', 'on');
  expect(home.ends()).toEqual(['blind.up done', 'blind.down rejected HB363']);
  await home.set('blind.up', 'off');
  await home.set('blind.down', 'on');
  expect(home.hardware.values.get('blind.down')).toBe(true);
});

test('an interlock with a wait switches the other one off, waits, and then goes', async () => {
  const guards = {
    'blind.up': { interlock: 'b', interlockWaitMs: 500 },
    'blind.down': { interlock: 'b', interlockWaitMs: 500 },
  };
  const home = await openHome({ guards });
  await home.set('blind.up', 'on');
  await home.set('blind.down', 'on');
  expect(home.acts()).toEqual(['blind.up=on', 'blind.up=off']);
  await home.clock.advance(499);
  expect(home.acts()).toHaveLength(2);
  await home.clock.advance(2);
  expect(home.acts()).toEqual(['blind.up=on', 'blind.up=off', 'blind.down=on']);
});

test('a member that is only perhaps on counts as on', async () => {
  const home = await openHome({ guards: BLIND });
  home.hardware.onWrite = () => ({ done: false, how: 'failed', code: 'HB141', why: 'no answer' });
  await home.set('blind.up', 'on');
  await home.clock.advance(3 * S);
  home.hardware.onWrite = () => undefined;
  await home.set('blind.down', 'on');
  expect(home.ends()).toEqual(['blind.up failed HB141', 'blind.down rejected HB363']);
});

test('two members of different devices commanded at once: the slow one counts while it is being written', async () => {
  const home = await openHome({ guards: { shade: { interlock: 'b' }, awning: { interlock: 'b' } } });
  let free: () => void = () => undefined;
  home.hardware.onWrite = ({ value }) =>
    new Promise((resolve) => {
      free = () => resolve({ done: true, value });
    });
  await home.set('shade.up', 'on');
  await home.set('awning.out', 'on');
  free();
  await settle(60);
  expect(home.acts()).toEqual(['shade.up=on']);
  expect(home.ends()).toEqual(['awning.out rejected HB363', 'shade.up done']);
});

test('only_if: switched on only when it is true; off always', async () => {
  let holds: boolean | undefined = false;
  const home = await openHome({ guards: { pump: { onlyIf: 'valve is open' } }, evaluate: () => holds });
  await home.set('pump.state', 'on');
  holds = undefined;
  await home.set('pump.state', 'on');
  await home.set('pump.state', 'off');
  holds = true;
  await home.set('pump.state', 'on');
  expect(home.ends().map((end) => end.slice(11))).toEqual(['rejected HB364', 'rejected HB364', 'done', 'done']);
});

test('a person holds rules off; a person, a timer and a guard are not held off', async () => {
  const home = await openHome({ guards: { pump: { manualMs: 30 * MIN } } });
  await home.cmd('pump.state', { v: 'on', by: 'rule:water' }, { origin: 'rules' });
  await home.cmd('pump.state', { v: 'off', by: 'dashboard:ann' });
  await home.cmd('pump.state', { v: 'on', by: 'rule:water' }, { origin: 'rules' });
  expect(home.acks.at(-1)).toMatchObject({
    ...{ st: 'rejected', code: 'HB365', why: 'pump.state was switched by hand; rules leave it alone for 30min' },
  });
  expect(home.guard('pump.state')).toMatchObject({ on: false, manual_until: home.clock.now() + 30 * MIN });
  await home.set('pump.state', 'on');
  await home.clock.advance(30 * MIN + 1);
  await home.cmd('pump.state', { v: 'off', by: 'rule:water' }, { origin: 'rules' });
  expect(home.ends().at(-1)).toBe('pump.state done');
});

test('a switch at the device itself is a hand too, and max_on counts from it', async () => {
  const home = await openHome({ guards: { pump: { manualMs: MIN, maxOnMs: 10 * MIN } } });
  await home.reading('pump.state', 'off');
  await home.reading('pump.state', 'on');
  await home.cmd('pump.state', { v: 'off', by: 'rule:water' }, { origin: 'rules' });
  expect(home.ends()).toEqual(['pump.state rejected HB365']);
  await home.clock.advance(10 * MIN + S);
  expect(home.acts()).toEqual(['pump.state=off']);
});

test('the states of a point stand on $guard', async () => {
  const home = await openHome({ guards: { pump: { maxOnMs: MIN, minOnMs: 5 * S } } });
  const now = home.clock.now();
  await home.set('pump.state', 'on');
  expect(home.guard('pump.state')).toEqual({
    ...{ on: true, since: now, locked_until: now + 5 * S, locked_why: 'min_on 5s' },
    ...{ rest_at: now + MIN, rest_why: 'max_on', switches_this_hour: 1 },
  });
  expect(home.guard('lamp.state')).toBeUndefined();
});

test('limits that change at an apply hold for what is on already', async () => {
  const home = await openHome();
  await home.set('pump.state', 'on');
  await home.clock.advance(MIN);
  const { planOf } = await import('./set-up.ts');
  home.mediator.apply(planOf({ pump: { maxOnMs: 2 * MIN } }));
  await home.clock.advance(MIN + S);
  expect(home.acts()).toEqual(['pump.state=on', 'pump.state=off']);
});
