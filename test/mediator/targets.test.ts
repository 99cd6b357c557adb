import { expect, test } from 'vitest';
import type { Group, Scene } from '../../src/schemes/rules/rule.ts';
import type { Step } from '../../src/schemes/rules/step.ts';
import { settle } from '../fakes/clock.ts';
import { openHome } from './set-up.ts';

const set = (targets: string[], value: boolean | number | string, more: object = {}): Step => ({
  ...{ do: 'set', targets: targets.map((name) => `kitchen.${name}`), value: { from: 'const', value }, text: 'set' },
  ...more,
});
const GROUPS: readonly Group[] = [
  { name: 'lights', members: ['kitchen.lamp.state', 'kitchen.pump.state'] },
  { name: 'far', members: ['kitchen.lamp.state', 'hall.lamp.state'] },
];
const SCENES: readonly Scene[] = [
  {
    name: 'dim',
    steps: [set(['lamp.level'], 20), { do: 'wait', ms: 1_000, text: 'wait: 1s' }, set(['pump.state'], true)],
  },
  {
    name: 'evening',
    steps: [
      { do: 'scene', scene: 'dim', text: 'scene: dim' },
      { do: 'set', targets: ['kitchen.lamp.state'], value: { from: 'toggle' }, text: 'lamp: toggle' },
      { do: 'variable', variable: 'home.mode', value: { from: 'const', value: 'night' }, text: 'home.mode: night' },
    ],
  },
  { name: 'clever', steps: [{ do: 'rule', rule: 'water', on: false, text: 'rule water: off' }] },
];
const scheme = { groups: GROUPS, scenes: SCENES };

test('a command to a group is one command for each member, with one answer', async () => {
  const home = await openHome({ scheme });
  await home.cmd('$group.lights', { v: 'on', id: 'g1', by: 'ann' });
  expect(home.acts().sort()).toEqual(['lamp.state=on', 'pump.state=on']);
  expect(home.ends()).toEqual(['lamp.state done', 'pump.state done', '$group.lights done']);
  await home.cmd('$group.lights', { v: 'on', id: 'g1', by: 'ann' });
  expect(home.ends().at(-1)).toBe('$group.lights done HB352');
  expect(home.acts()).toHaveLength(2);
});

test('a member that cannot be set is told, the others are done', async () => {
  const home = await openHome({ scheme });
  await home.health('pump', 'lost');
  await home.set('$group.lights', 'on');
  expect(home.acks.at(-1)).toMatchObject({
    ...{ name: '$group.lights', st: 'failed', code: 'HB369', why: '1 of 2: kitchen.pump.state failed (pump is lost)' },
  });
  expect(home.acts()).toEqual(['lamp.state=on']);
});

test('a member on another node hears the command there; its answer is waited for', async () => {
  const home = await openHome({ scheme });
  const heard: string[] = [];
  home.bus.subscribe('hanbus/hall/lamp/state/$cmd', ({ payload }) => heard.push(String(payload as string)), {
    origin: 'x',
  });
  await home.cmd('$group.far', { v: 'on', id: 'g', ttl: '2s', by: 'ann' });
  expect(heard.map((text) => JSON.parse(text))).toEqual([{ id: 'g.2', v: 'on', ttl: 2_000, by: 'ann' }]);
  home.bus.publish({ topic: 'hanbus/hall/lamp/state/$ack', payload: '{"id":"g.2","st":"accepted"}', origin: 'x' });
  home.bus.publish({ topic: 'hanbus/hall/lamp/state/$ack', payload: '{"id":"g.2","st":"done"}', origin: 'x' });
  await settle();
  expect(home.ends()).toEqual(['lamp.state done', '$group.far done']);
  await home.set('$group.far', 'off');
  await home.clock.advance(33_000);
  expect(home.acks.at(-1)?.why).toBe('1 of 2: hall.lamp.state unknown (hall did not answer)');
});

test('a scene runs its steps in order, with the scenes in it', async () => {
  const home = await openHome({ scheme });
  const variables: string[] = [];
  home.bus.subscribe(
    'hanbus/home/+/set',
    ({ topic, payload }) => variables.push(`${topic}=${String(payload as string)}`),
    {
      origin: 'x',
    },
  );
  await home.set('$scene.evening', '');
  expect(home.acts()).toEqual(['lamp.level=20']);
  await home.clock.advance(1_100);
  expect(home.acts()).toEqual(['lamp.level=20', 'pump.state=on', 'lamp.state=on']);
  expect(variables).toEqual(['hanbus/home/mode/set=night']);
  expect(home.ends().at(-1)).toBe('$scene.evening done');
});

test('a scene that was in time is carried out to its end, however long its pauses are', async () => {
  const home = await openHome({ scheme });
  const at = home.clock.now();
  await home.cmd('$scene.evening', { v: 'on', at, ttl: '500ms' }, { props: { expiresAt: at + 600 } });
  await home.clock.advance(1_100);
  expect(home.acts()).toEqual(['lamp.level=20', 'pump.state=on', 'lamp.state=on']);
});

test('long ids that begin alike are commands of their own', async () => {
  const home = await openHome({ scheme });
  const id = 'living-room-dashboard-2026-11-22T18:00:00.000Z-command';
  await home.cmd('$group.lights', { v: 'on', id: `${id}-1` });
  await home.cmd('$group.lights', { v: 'off', id: `${id}-2` });
  expect(home.acts().sort()).toEqual(['lamp.state=off', 'lamp.state=on', 'pump.state=off', 'pump.state=on']);
  expect(home.acks.every((ack) => ack.id.length <= 64)).toBe(true);
});

test('one sender does not fill the node with scenes: 100 at once, 16 that wait', async () => {
  const home = await openHome({ scheme });
  for (let count = 0; count < 20; count += 1) await home.set('$scene.dim', 'on', 'mqtt:c1');
  await home.set('$scene.dim', 'on', 'mqtt:c2');
  const refused = home.acks.filter(({ name, code }) => name === '$scene.dim' && code === 'HB360');
  expect(refused.map(({ why }) => why)).toEqual(
    Array.from({ length: 4 }, () => 'too many groups and scenes of mqtt:c1 run already'),
  );
  await home.clock.advance(1_100);
  await home.set('$scene.dim', 'on', 'mqtt:c1');
  expect(home.acks.filter(({ code }) => code === 'HB360')).toHaveLength(4);
  await home.clock.advance(1_100);
  for (let count = 0; count < 120; count += 1) await home.set('$group.nobody', 'on', 'mqtt:c3');
  expect(home.acks.filter(({ why }) => why === 'mqtt:c3 gives more than 50 commands a second')).toHaveLength(20);
});

test('unknown names, steps of rules, and what comes too late are refused whole', async () => {
  const home = await openHome({ scheme });
  await home.set('$group.light', 'on');
  await home.set('$scene.evenning', 'on');
  await home.set('$scene.clever', 'on');
  await home.cmd('$group.lights', { v: 'on', at: home.clock.now() - 60_000 });
  await home.cmd('$group.lights', { v: 'on' }, { retain: true });
  expect(home.acks.map(({ st, code, why }) => `${st} ${code} ${why}`)).toEqual([
    'rejected HB357 there is no group light; did you mean lights?',
    'rejected HB357 there is no scene evenning; did you mean evening?',
    'rejected HB333 only a rule can do "rule water: off" of the scene clever',
    'expired HB351 it was given 1min ago and was good for 30s',
    'rejected HB350 it is retained: it would run again at every start',
  ]);
  expect(home.acts()).toEqual([]);
});

test('the verb `set` answers with the outcome', async () => {
  const home = await openHome({ scheme });
  const ask = async (args: object) => {
    const answer = home.ask('set', args);
    await home.clock.advance(40_000);
    return await answer;
  };
  expect(await ask({ point: 'pump', value: 'on', for: '50s' })).toMatchObject({
    ...{ hanbus: 'set/1', node: 'kitchen', point: 'pump.state', st: 'done', value: true, text: 'on', forMs: 50_000 },
  });
  expect(await ask({ point: 'kitchen/lamp/level', value: '40%' })).toMatchObject({ st: 'done', text: '40 %' });
  expect(await ask({ point: 'group:lights', value: 'off' })).toMatchObject({ point: 'group:lights', st: 'done' });
  expect(await ask({ point: 'lamp.level', value: 400 })).toMatchObject({ st: 'rejected', code: 'HB355' });
  const before = home.acts();
  expect(await ask({ point: 'heater.mode', value: 'eco', dry: true })).toMatchObject({ st: 'would', value: 'eco' });
  expect(await ask({ point: 'heater.mode', value: 'ecco', dry: true })).toMatchObject({
    st: 'rejected',
    code: 'HB356',
  });
  expect(home.acts()).toEqual(before);
  await home.health('heater', 'init');
  expect(await ask({ point: 'heater.mode', value: 'eco', wait: false })).toMatchObject({ st: 'accepted' });
});

test.each([
  [{ value: 'on' }, 'HB158', '"point" must be given'],
  [{ point: 'lamp', value: 'on' }, 'HB357', 'lamp has several points: lamp.level, lamp.state'],
  [{ point: 'a.b.c.d', value: 'on' }, 'HB357', 'a.b.c.d is not a point of kitchen'],
  [{ point: 'air', value: 'on' }, 'HB358', 'air has nothing that can be set'],
  [{ point: 'pmp', value: 'on' }, 'HB357', 'there is no point pmp.state; did you mean pump.state?'],
  [{ point: 'pump' }, 'HB353', 'there is no member "v", the value'],
  [{ point: 'pump', value: 'on', ttl: '9h' }, 'HB361', '"ttl" is outside 1ms to 1h'],
])('the verb `set` refuses %j', async (args, code, message) => {
  const home = await openHome();
  await expect(home.ask('set', args)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

test('the trail tells who wanted what and what became of it, like ones together, over restarts', async () => {
  const home = await openHome();
  await home.cmd('pump.state', { v: 'on', by: 'ann', id: 'a' });
  for (let count = 0; count < 3; count += 1) {
    await home.clock.advance(1_000);
    await home.cmd('lamp.level', { v: count, by: 'rule:dim' }, { origin: 'rules' });
  }
  await home.set('pump.state', 'maybe');
  expect(await home.ask('commands', { limit: 1 })).toMatchObject({
    commands: [{ point: 'pump.state', value: 'maybe', st: 'rejected', code: 'HB354' }],
  });
  await home.clock.advance(31_000);
  const next = await home.killed();
  const answer = await next.ask('commands', {});
  expect(answer).toMatchObject({
    ...{ hanbus: 'commands/1', node: 'kitchen' },
    commands: [
      { point: 'lamp.level', value: 2, by: 'rule:dim', origin: 'rules', st: 'done', times: 3 },
      { point: 'pump.state', value: true, by: 'ann', origin: 'mqtt:c1', st: 'done', times: 1, id: 'a' },
    ],
  });
  expect(await next.ask('commands', { point: 'kitchen/pump/state' })).toMatchObject({ commands: [{ id: 'a' }] });
  expect(await next.ask('commands', { limit: 1 })).toMatchObject({ commands: [{ point: 'lamp.level' }] });
  await expect(next.ask('commands', { limit: 0 })).rejects.toMatchObject({ code: 'HB158' });
});
