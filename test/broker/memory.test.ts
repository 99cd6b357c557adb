import { describe, expect, it } from 'vitest';
import { connect, makeTestBroker, publishPacket, subscribe, turns } from './packet-client.ts';

const local = { origin: 'test' };
const kept = { clean: false };

/** So many sessions that are away and wait for `to/<index>`. */
async function absentSessions(world: ReturnType<typeof makeTestBroker>, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { client } = await connect(world, 4, { clientId: `away${index}`, ...kept });
    await subscribe(client, `to/${index}`, { qos: 1 });
    client.stream.destroy();
  }
  await turns();
}

async function takenBy(world: ReturnType<typeof makeTestBroker>, index: number): Promise<string[]> {
  const { client } = await connect(world, 4, { clientId: `away${index}`, ...kept });
  return (await client.takePublishes()).map(({ payload }) => String(payload).slice(0, 2).trim());
}

describe('the memory for all clients together', () => {
  it('is bounded: of the fullest absent sessions the oldest messages go', async () => {
    const world = makeTestBroker({ waitingBytes: 100_000 });
    await absentSessions(world, 3);
    const say = (index: number, count: number) =>
      world.bus.publish({ topic: `to/${index}`, payload: String(count).padEnd(1_000), qos: 1, ...local });
    for (let count = 0; count < 5; count += 1) say(0, count);
    for (let count = 0; count < 90; count += 1) for (const index of [1, 2]) say(index, count);
    expect(world.broker.counts.waitingBytes).toBeLessThanOrEqual(100_000);
    expect(world.broker.counts.waitingBytes).toBeGreaterThan(50_000);
    expect(world.broker.counts.dropped.full).toBeGreaterThan(90);
    expect(await takenBy(world, 0)).toEqual(['0', '1', '2', '3', '4']);
    const left = await takenBy(world, 1);
    expect(left.at(-1)).toBe('89');
    expect(left.length).toBeGreaterThan(30);
  });

  it('is counted to the byte: nothing is left when all have gone', async () => {
    const world = makeTestBroker({ waitingBytes: 50_000 });
    await absentSessions(world, 4);
    for (let count = 0; count < 100; count += 1) {
      world.bus.publish({ topic: `to/${count % 4}`, payload: 'x'.repeat(1_000), qos: 1, ...local });
    }
    const { client } = await connect(world, 4, { clientId: 'away1', ...kept });
    await turns();
    client.stream.destroy();
    await turns();
    expect(world.broker.counts.waitingBytes).toBeGreaterThan(0);
    for (let index = 0; index < 4; index += 1) {
      const { client: clean } = await connect(world, 4, { clientId: `away${index}`, clean: true });
      clean.stream.destroy();
    }
    await turns();
    expect(world.broker.counts.waitingBytes).toBe(0);
  });

  it('lets the connected stay while the absent can pay, then the fullest goes', async () => {
    const world = makeTestBroker({ waitingBytes: 400_000, inflight: 10 });
    await absentSessions(world, 1);
    const { client } = await connect(world, 4, { clientId: 'silent' });
    const { client: healthy } = await connect(world, 4, { clientId: 'healthy' });
    await subscribe(client, 'live', { qos: 1 });
    await subscribe(healthy, 'live', { qos: 0 });
    for (let count = 0; count < 200; count += 1) {
      world.bus.publish({ topic: 'to/0', payload: 'x'.repeat(1_000), qos: 1, ...local });
    }
    for (let count = 0; count < 300; count += 1) {
      world.bus.publish({ topic: 'live', payload: 'x'.repeat(1_000), qos: 1, ...local });
      await turns(1);
    }
    expect(client.isClosed).toBe(false);
    for (let count = 0; count < 200; count += 1) {
      world.bus.publish({ topic: 'live', payload: 'x'.repeat(1_000), qos: 1, ...local });
      await turns(1);
    }
    await turns();
    expect(client.isClosed).toBe(true);
    expect(healthy.isClosed).toBe(false);
    expect(await healthy.takePublishes()).toHaveLength(500);
    expect(world.lines.some(({ fields }) => fields.code === 'HB184' && fields.client === 'silent')).toBe(true);
  });

  it('bounds what a client leaves unacknowledged, in bytes', async () => {
    const world = makeTestBroker({ sessionBytes: 20_000, inflight: 1_000 });
    const { client } = await connect(world, 4);
    await subscribe(client, 'live', { qos: 1 });
    for (let count = 0; count < 30; count += 1) {
      world.bus.publish({ topic: 'live', payload: 'x'.repeat(1_000), qos: 1, ...local });
    }
    const sent = await client.takePublishes();
    expect(sent.length).toBeGreaterThan(10);
    expect(sent.length).toBeLessThan(21);
    for (const { messageId = 0 } of sent) client.send({ cmd: 'puback', messageId });
    expect((await client.takePublishes()).length + sent.length).toBe(30);
  });

  it('is not lost to a session that ended while a message was on its way to it', async () => {
    const world = makeTestBroker({ waitingBytes: 20_000, inflight: 1 });
    const { client: first } = await connect(world, 4, { clientId: 'first' });
    const { client: second } = await connect(world, 4, { clientId: 'second' });
    await subscribe(first, 'live', { qos: 1 });
    await subscribe(second, 'live', { qos: 1 });
    await subscribe(second, 'more', { qos: 1 });
    const say = (topic: string) => world.bus.publish({ topic, payload: 'x'.repeat(1_000), qos: 1, ...local });
    for (let count = 0; count < 16; count += 1) say('more');
    await turns();
    for (let count = 0; count < 4; count += 1) say('live');
    await turns();
    expect(second.isClosed).toBe(true);
    expect(first.isClosed).toBe(false);
    first.stream.destroy();
    await turns();
    expect(world.broker.counts.waitingBytes).toBe(0);
  });

  it('holds packets that never become whole: the fullest such client goes', async () => {
    const world = makeTestBroker({ waitingBytes: 100_000 });
    const { client: honest } = await connect(world, 4, { clientId: 'honest' });
    honest.sendBytes(Buffer.from([0x30, 0x80, 0x01]));
    for (let index = 0; index < 6; index += 1) {
      const { client } = await connect(world, 4, { clientId: `hoarder${index}` });
      client.sendBytes(Buffer.concat([Buffer.from([0x30, 0x80, 0x80, 0x80, 0x01]), Buffer.alloc(30_000)]));
      await turns();
      expect(world.broker.counts.waitingBytes).toBeLessThan(100_000);
    }
    expect(honest.isClosed).toBe(false);
    expect(world.broker.counts.clients).toBeGreaterThan(2);
    expect(world.broker.counts.clients).toBeLessThan(5);
    honest.stream.destroy();
    await turns();
    await world.broker.stop();
    expect(world.broker.counts.waitingBytes).toBe(0);
  });

  it('takes nothing from a client whose connection is closing', async () => {
    const world = makeTestBroker({ waitingBytes: 50_000 });
    const { client } = await connect(world, 4);
    client.sendBytes(Buffer.concat([Buffer.from([0x30, 0x80, 0x80, 0x80, 0x01]), Buffer.alloc(60_000)]));
    for (let count = 0; count < 5; count += 1) client.sendBytes(Buffer.alloc(20_000));
    await turns();
    expect(client.isClosed).toBe(true);
    expect(world.broker.counts.waitingBytes).toBe(0);
  });

  it('bounds the levels of all filters', async () => {
    const world = makeTestBroker({ filterLevels: 10, allFilterLevels: 15 });
    const { client } = await connect(world, 5, { clientId: 'one' });
    const { client: other } = await connect(world, 5, { clientId: 'two' });
    const ask = async (asking: typeof client, topic: string) => {
      asking.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0 }] });
      return (await asking.takeOne('suback')).granted;
    };
    expect(await ask(client, 'a/b/c/d/e/f')).toEqual([0]);
    expect(await ask(client, 'a/b/c/d/f')).toEqual([0x97]);
    expect(await ask(client, 'a/b/c/d/e/f')).toEqual([0]);
    expect(await ask(client, 'a/b/c/d')).toEqual([0]);
    expect(await ask(other, '1/2/3/4/5/6')).toEqual([0x97]);
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a/b/c/d'] });
    await client.take();
    expect(await ask(other, '1/2/3/4/5/6')).toEqual([0]);
    client.stream.destroy();
    await turns();
    expect(await ask(other, '1/2/3/4')).toEqual([0]);
  });

  it('bounds what clients retain; the node itself is not refused', async () => {
    const world = makeTestBroker({}, undefined, { retained: 2 });
    const { client } = await connect(world, 5, {
      will: { topic: 'e', payload: Buffer.from('x'), qos: 0, retain: true },
    });
    const retain = async (topic: string, payload: string) => {
      client.send(publishPacket(topic, payload, { retain: true, qos: 1, messageId: 1 }));
      return (await client.takeOne('puback')).reasonCode;
    };
    expect(await retain('a', 'x')).toBe(0);
    expect(await retain('b', 'x')).toBe(0);
    expect(await retain('c', 'x')).toBe(0x97);
    expect(await retain('b', 'y')).toBe(0);
    world.bus.publish({ topic: 'd', payload: 'x', retain: true, ...local });
    expect(world.bus.counts.retained).toBe(3);
    expect(await retain('a', '')).toBe(0);
    client.stream.destroy();
    await turns();
    expect(world.bus.retainedAt('e')).toBeUndefined();
    expect(world.broker.counts.dropped.refused).toBe(2);
  });
});
