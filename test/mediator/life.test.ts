import { expect, test } from 'vitest';
import { settle } from '../fakes/clock.ts';
import { openHome } from './set-up.ts';

test('a plain set is accepted, runs, is done: with the value that was written', async () => {
  const home = await openHome();
  await home.set('pump.state', 'on');
  expect(home.acts()).toEqual(['pump.state=on']);
  expect(home.acks.map(({ st }) => st)).toEqual(['accepted', 'running', 'done']);
  expect(home.acks.at(-1)).toMatchObject({ name: 'pump.state', v: true });
  expect(new Set(home.acks.map(({ id }) => id)).size).toBe(1);
});

test('a command with an id is answered under it, and never carried out twice', async () => {
  const home = await openHome();
  await home.cmd('gate.open', { id: 'a1', v: 'open' });
  await home.cmd('gate.open', { id: 'a1', v: 'open' });
  await home.cmd('gate.open', { id: 'a1', v: 'close' });
  expect(home.acts()).toEqual(['gate.open=open']);
  expect(home.ends()).toEqual(['gate.open done', 'gate.open done HB352', 'gate.open rejected HB352']);
});

test('the outcome goes to the response topic of MQTT 5, with its correlation data', async () => {
  const home = await openHome();
  const heard: unknown[] = [];
  home.bus.subscribe('app/answers', (message) => heard.push([message.payload, message.props?.correlationData]), {
    origin: 'test',
  });
  const correlationData = Buffer.from('77');
  await home.cmd('lamp.level', { v: '50%', id: 'x' }, { props: { responseTopic: 'app/answers', correlationData } });
  expect(heard).toEqual([['{"id":"x","st":"done","v":50}', correlationData]]);
});

test('a once command is on the disk before it acts, and its outcome before it is told', async () => {
  const home = await openHome();
  const order: string[] = [];
  home.disk.onOperation = (operation) => {
    if (operation === 'sync' && order.at(-1) !== 'sync') order.push('sync');
    return undefined;
  };
  home.hardware.onWrite = () => {
    order.push('act');
    return undefined;
  };
  home.bus.subscribe(
    'hanbus/kitchen/gate/open/$ack',
    ({ payload }) => order.push(JSON.parse(typeof payload === 'string' ? payload : '{}').st),
    {
      origin: 'test',
    },
  );
  await home.cmd('gate.open', { id: 'g', v: 'open' });
  expect(order).toEqual(['accepted', 'running', 'sync', 'act', 'sync', 'done']);
});

test('a once command that was begun when the node died is unknown at the next start, and is not repeated', async () => {
  const home = await openHome();
  home.hardware.onWrite = () => new Promise(() => undefined);
  await home.cmd('gate.open', { id: 'g', v: 'open' });
  expect(home.acks.at(-1)?.st).toBe('running');
  const next = await home.killed();
  home.hardware.onWrite = () => undefined;
  expect(next.ends()).toEqual(['gate.open unknown HB367']);
  await next.cmd('gate.open', { id: 'g', v: 'open' });
  expect(next.acts()).toEqual([]);
  const third = await next.killed();
  expect(third.ends()).toEqual([]);
  await third.cmd('gate.open', { id: 'g', v: 'open' });
  expect(third.ends()).toEqual(['gate.open unknown HB367']);
  expect(third.acts()).toEqual([]);
});

test('a once command that still waited when the node died is told to be too late, and is not carried out later', async () => {
  const home = await openHome();
  await home.health('gate', 'init');
  await home.cmd('gate.open', { id: 'g', v: 'open' });
  await home.clock.advance(500);
  const next = await home.killed();
  expect(next.ends()).toEqual(['gate.open expired HB351']);
  await next.cmd('gate.open', { id: 'g', v: 'open' });
  expect([next.acts(), next.ends().at(-1)]).toEqual([[], 'gate.open expired HB351']);
});

test('a once command is known after a restart', async () => {
  const home = await openHome();
  await home.cmd('gate.open', { id: 'g', v: 'open' });
  const next = await home.killed();
  await next.cmd('gate.open', { id: 'g', v: 'open' });
  expect(next.ends()).toEqual(['gate.open done HB352']);
  expect(next.acts()).toEqual(['gate.open=open']);
});

test('a once command is known after a restart, also when the clock was set by years since', async () => {
  const home = await openHome();
  home.clock.jump(-1_700_000_000_000);
  await home.cmd('gate.open', { id: 'g', v: 'open' });
  home.clock.jump(1_700_000_000_000);
  const next = await home.killed();
  await next.cmd('gate.open', { id: 'g', v: 'open' });
  expect([next.acts(), next.ends()]).toEqual([['gate.open=open'], ['gate.open done HB352']]);
});

test('a disk that refuses: once commands are not carried out, sets are', async () => {
  const home = await openHome();
  home.disk.onOperation = (operation) =>
    ['sync', 'write', 'create'].includes(operation) ? { code: 'EIO' } : undefined;
  await home.cmd('gate.open', { id: 'g', v: 'open' });
  await home.set('pump.state', 'on');
  await home.clock.advance(3_000);
  expect(home.acts()).toEqual(['pump.state=on']);
  expect(home.ends()).toContain('gate.open rejected HB368');
});

test('commands to one device run one at a time in order; a newer set takes the place of a waiting one', async () => {
  const home = await openHome();
  let free: () => void = () => undefined;
  home.hardware.onWrite = ({ value }) =>
    value === 10 ? new Promise((resolve) => (free = () => resolve({ done: true, value }))) : undefined;
  await home.set('lamp.level', '10');
  await home.set('lamp.level', '20');
  await home.set('lamp.state', 'on');
  await home.set('lamp.level', '30');
  await home.set('pump.state', 'on');
  expect(home.acts()).toEqual(['pump.state=on']);
  expect(home.ends()).toEqual(['lamp.level superseded HB366', 'pump.state done']);
  free();
  await settle(60);
  expect(home.acts()).toEqual(['pump.state=on', 'lamp.level=10', 'lamp.state=on', 'lamp.level=30']);
});

test('a device that never answers leaves its command unknown within its time and two seconds; what waits expires', async () => {
  const home = await openHome();
  home.hardware.onWrite = () => new Promise(() => undefined);
  await home.cmd('lamp.level', { id: 'a', v: 10, ttl: '1s' });
  await home.cmd('lamp.state', { id: 'b', v: 'on', ttl: '2s' });
  await home.clock.advance(5_000);
  expect(home.ends()).toEqual(['lamp.state expired HB351', 'lamp.level unknown HB367']);
  expect(home.acks.at(-1)?.at).toBeLessThanOrEqual(3_000);
});

test('a set that fails is tried again within its time, and then has failed', async () => {
  const home = await openHome();
  let tries = 0;
  home.hardware.onWrite = () => {
    tries += 1;
    return { done: false, how: 'failed', code: 'HB141', why: 'no answer' };
  };
  await home.set('pump.state', 'on');
  await home.clock.advance(2_000);
  expect(tries).toBe(3);
  expect(home.ends()).toEqual(['pump.state failed HB141']);
});

test('a once command that fails is never tried again', async () => {
  const home = await openHome();
  let tries = 0;
  home.hardware.onWrite = () => {
    tries += 1;
    return { done: false, how: 'failed', code: 'HB141', why: 'no answer' };
  };
  await home.cmd('gate.open', { id: 'g', v: 'open' });
  await home.clock.advance(2_000);
  expect([tries, home.ends()]).toEqual([1, ['gate.open failed HB141']]);
});

test('a device that goes away fails what waits, at once; so does the end of the node', async () => {
  const home = await openHome();
  await home.health('pump', 'init');
  await home.set('pump.state', 'on');
  expect(home.ends()).toEqual([]);
  await home.health('pump', 'lost');
  expect(home.ends()).toEqual(['pump.state failed HB359']);
  await home.set('pump.state', 'on');
  await home.health('lamp', 'init');
  await home.set('lamp.level', '5');
  await home.mediator.stop();
  expect(home.ends()).toEqual(['pump.state failed HB359', 'pump.state failed HB359', 'lamp.level failed HB359']);
  expect(home.acts()).toEqual([]);
});

test('a device of the plan that nobody has seen yet is not called unknown', async () => {
  const home = await openHome();
  home.bus.publish({ topic: 'hanbus/kitchen/pump/$meta', payload: '', retain: true, origin: 'publisher' });
  await home.set('pump.state', 'on');
  expect(home.acks).toMatchObject([{ st: 'rejected', code: 'HB359', why: 'pump is not open yet' }]);
});

test('a command that comes before the node knows its devices has an end too', async () => {
  const payload = JSON.stringify({ id: 'early', v: true });
  const home = await openHome({
    beforePlan: (bus) => bus.publish({ topic: 'hanbus/kitchen/pump/state/$cmd', payload, origin: 'mqtt:c1' }),
  });
  expect(home.acks).toMatchObject([{ id: 'early', st: 'rejected', code: 'HB359', why: 'pump is not open yet' }]);
  expect(home.acts()).toEqual([]);
});

test('a device that is being opened takes its commands when it is ready', async () => {
  const home = await openHome();
  await home.health('pump', 'init');
  await home.set('pump.state', 'on');
  await home.health('pump', 'ready');
  expect(home.ends()).toEqual(['pump.state done']);
});

test('a disk that is slower than the deadline: it is not carried out after it', async () => {
  let free: () => void = () => undefined;
  const beforeBegin = () =>
    new Promise<void>((resolve) => {
      free = resolve;
    });
  const home = await openHome({ beforeBegin });
  await home.cmd('gate.open', { id: 'g', v: 'open', ttl: '1s' });
  await home.clock.advance(1_100);
  free();
  await settle(60);
  expect([home.acts(), home.ends()]).toEqual([[], ['gate.open expired HB351']]);
});
