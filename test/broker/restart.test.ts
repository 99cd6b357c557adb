import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBroker } from '../../src/broker/broker.ts';
import { type BrokerShelf, openShelf } from '../../src/broker/store/shelf.ts';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { NotStored } from '../../src/state/log/not-stored.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { connect, publishPacket, subscribe, type TestBroker, turns } from './packet-client.ts';

const clock = makeFakeClock();
let folder = '';
let life: TestBroker & { shelf: BrokerShelf };

/** A broker on what the one before has left. */
async function open(durable: readonly string[] = [], wrap = (shelf: BrokerShelf) => shelf) {
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  });
  const retained = (topic: string) => bus.retainedAt(topic);
  const shelf = wrap(await openShelf({ path: folder, node: 'kitchen', retained, clock, log }));
  const broker = openBroker({ bus, clock, log, shelf, durable });
  life = { broker, bus, clock, lines, shelf };
  return life;
}

async function restart(durable: readonly string[] = []) {
  await life.broker.stop();
  return open(durable);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hanbus-restart-'));
  await open();
});

afterEach(async () => {
  await life.broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const kept = { clean: false, properties: { sessionExpiryInterval: 1_000 } };
const texts = (packets: readonly { payload: string | Buffer }[]) => packets.map(({ payload }) => String(payload));

describe('after a restart of the broker', () => {
  it('a retained message of a client is there, with its properties', async () => {
    const { client } = await connect(life, 5);
    const properties = { contentType: 'text', userProperties: { a: '1' } };
    client.send(publishPacket('zigbee2mqtt/lamp', 'on', { retain: true, properties }));
    client.send(publishPacket('zigbee2mqtt/plain', 'off', { retain: true }));
    await turns();
    await restart();
    const { client: again } = await connect(life, 5);
    expect(await subscribe(again, 'zigbee2mqtt/#')).toMatchObject([
      { topic: 'zigbee2mqtt/lamp', payload: Buffer.from('on'), retain: true, properties },
      { topic: 'zigbee2mqtt/plain', payload: Buffer.from('off'), retain: true },
    ]);
  });

  it('retained messages are no news to a session that was there, however many they are', async () => {
    const { client } = await connect(life, 5, { clientId: 's', ...kept });
    const { client: publisher } = await connect(life, 5, { clientId: 'p' });
    for (let at = 0; at < 2_100; at += 1) publisher.send(publishPacket(`cmnd/${at}`, 'on', { retain: true }));
    await turns();
    await subscribe(client, 'cmnd/#', { qos: 1, rh: 2 });
    client.stream.destroy();
    await turns();
    await restart();
    const { client: again, connack } = await connect(life, 5, { clientId: 's', ...kept });
    expect(connack.sessionPresent).toBe(true);
    expect(await again.takePublishes()).toEqual([]);
    expect(life.bus.counts.retained).toBe(2_100);
  });

  it('one that was cleared is not', async () => {
    const { client } = await connect(life, 5);
    client.send(publishPacket('a', 'on', { retain: true }));
    await turns();
    await restart();
    const { client: second } = await connect(life, 4);
    second.send(publishPacket('a', '', { retain: true }));
    await turns();
    await restart();
    expect(life.bus.retainedAt('a')).toBeUndefined();
  });

  it.each([4, 5] as const)(
    'a session of version %i goes on: subscriptions, what waited, what was sent',
    async (version) => {
      const options = version === 5 ? { clientId: 's', ...kept } : { clientId: 's', clean: false };
      const { client } = await connect(life, version, options);
      await subscribe(client, 'jobs/#', { qos: 1 });
      const { client: publisher } = await connect(life, version, { clientId: 'p' });
      publisher.send(publishPacket('jobs/1', 'one', { qos: 1, messageId: 1 }));
      const [sent] = await client.takePublishes();
      client.stream.destroy();
      await turns();
      publisher.send(publishPacket('jobs/2', 'two', { qos: 1, messageId: 2 }));
      await turns();
      await restart();
      const [row] = life.broker.clients();
      expect(row).toMatchObject({ id: 's', connected: false, credential: 'local', queued: 1, inflight: 1 });
      const { client: again, connack } = await connect(life, version, options);
      expect(connack.sessionPresent).toBe(true);
      const [first, second] = await again.takePublishes();
      expect(first).toMatchObject({ topic: 'jobs/1', dup: true, messageId: sent?.messageId });
      expect(second).toMatchObject({ topic: 'jobs/2', dup: false });
      const { client: more } = await connect(life, version, { clientId: 'p' });
      more.send(publishPacket('jobs/3', 'three', { qos: 1, messageId: 3 }));
      expect(texts(await again.takePublishes())).toEqual(['three']);
      expect(life.broker.ledger().isEven).toBe(true);
    },
  );

  it('a QoS 2 message is taken once, before and after', async () => {
    const { client } = await connect(life, 5, { clientId: 'two', ...kept });
    client.send(publishPacket('a', 'x', { qos: 2, messageId: 7 }));
    await client.takeOne('pubrec');
    await restart();
    const heard: string[] = [];
    life.bus.subscribe('a', () => heard.push('again'), { origin: 'test' });
    const { client: again } = await connect(life, 5, { clientId: 'two', ...kept });
    again.send(publishPacket('a', 'x', { qos: 2, messageId: 7, dup: true }));
    expect(await again.takeOne('pubrec')).toMatchObject({ messageId: 7 });
    expect(heard).toEqual([]);
  });

  it('an identifier that was released before a kill -9 can be used again', async () => {
    const { client } = await connect(life, 5, { clientId: 'two', ...kept });
    client.send(publishPacket('a', 'x', { qos: 2, messageId: 7 }));
    await client.takeOne('pubrec');
    await restart(); // what is on the disk now stays there: the release comes too late for it
    const heard: string[] = [];
    life.bus.subscribe('a', (message) => heard.push(textOf(message)), { origin: 'test' });
    const { client: again } = await connect(life, 5, { clientId: 'two', ...kept });
    again.send(publishPacket('a', 'new', { qos: 2, messageId: 7 }));
    expect(await again.takeOne('pubrec')).toMatchObject({ messageId: 7 });
    again.send(publishPacket('a', 'new', { qos: 2, messageId: 7 }));
    expect(await again.takeOne('pubrec')).toMatchObject({ messageId: 7 });
    expect(heard).toEqual(['new']);
  });

  it('a session whose time was over meanwhile is gone, and its will was said', async () => {
    const will = { topic: 'gone', payload: Buffer.from('late'), qos: 0, retain: true } as const;
    const willed = { ...will, properties: { willDelayInterval: 5_000 } };
    const { client } = await connect(life, 5, { clientId: 's', ...kept, will: willed });
    client.stream.destroy();
    await turns();
    await life.broker.stop();
    await clock.advance(1_001_000);
    await open();
    const { connack } = await connect(life, 5, { clientId: 's', ...kept });
    expect(connack.sessionPresent).toBe(false);
    expect(life.bus.retainedAt('gone')).toBeDefined();
  });

  it('a will that is due is heard by every session that was there, whichever comes first', async () => {
    const listen = async (clientId: string) => {
      const { client } = await connect(life, 5, { clientId, ...kept });
      await subscribe(client, 'gone', { qos: 1 });
      client.stream.destroy();
    };
    await listen('a');
    const will = { topic: 'gone', payload: Buffer.from('late'), qos: 1, retain: false } as const;
    const willed = { ...will, properties: { willDelayInterval: 5 } };
    const { client } = await connect(life, 5, { clientId: 'm', ...kept, will: willed });
    client.stream.destroy();
    await listen('z');
    await life.broker.stop();
    await clock.advance(6_000);
    await open();
    for (const clientId of ['a', 'z']) {
      const { client: again } = await connect(life, 5, { clientId, ...kept });
      expect(texts(await again.takePublishes())).toEqual(['late']);
    }
  });

  it('a session that was ended by its client is gone', async () => {
    const { client } = await connect(life, 5, { clientId: 's', ...kept });
    await subscribe(client, 'a', { qos: 1 });
    client.stream.destroy();
    await turns();
    await restart();
    await connect(life, 5, { clientId: 's', clean: true });
    await restart();
    const { connack } = await connect(life, 5, { clientId: 's', ...kept });
    expect(connack.sessionPresent).toBe(false);
  });

  it('what the node says of itself is not kept', async () => {
    life.bus.publish({ topic: 'hanbus/kitchen/$state', payload: 'ready', retain: true, origin: 'node' });
    await restart();
    expect(life.bus.retainedAt('hanbus/kitchen/$state')).toBeUndefined();
  });
});

describe('a store that is not as it was', () => {
  it('cut in the middle: the broker starts, and takes messages and sessions as before', async () => {
    const { client } = await connect(life, 5, { clientId: 's', ...kept });
    await subscribe(client, 'jobs/#', { qos: 1 });
    client.send(publishPacket('kept', 'x'.repeat(2_000), { retain: true }));
    await turns();
    await life.broker.stop();
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      if (statSync(file).size > 1_000) truncateSync(file, statSync(file).size - 900);
    }
    await open();
    expect(life.bus.retainedAt('kept')).toBeUndefined();
    const { client: again } = await connect(life, 5, { clientId: 's', ...kept });
    await subscribe(again, 'jobs/#', { qos: 1 });
    again.send(publishPacket('kept', 'anew', { retain: true }));
    await turns();
    await restart();
    expect(life.bus.retainedAt('kept')).toBeDefined();
    const { connack } = await connect(life, 5, { clientId: 's', ...kept });
    expect(connack.sessionPresent).toBe(true);
  });

  it('a folder that cannot be made: it is told, and the broker goes on in memory', async () => {
    await life.broker.stop();
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, 'a file stands here');
    await open();
    const { client } = await connect(life, 5, { clientId: 's', ...kept });
    client.send(publishPacket('a', 'on', { retain: true, qos: 1, messageId: 1 }));
    expect(await client.takeOne('puback')).toMatchObject({ messageId: 1 });
    expect(life.bus.retainedAt('a')).toBeDefined();
    expect(life.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ code: 'HB122' }) }),
    );
  });
});

describe('a durable topic', () => {
  /** A shelf whose disk is as slow as the test likes. */
  function slow() {
    const waiting: { done: () => void; fail: (error: Error) => void }[] = [];
    const wrap = (shelf: BrokerShelf): BrokerShelf => ({
      load: () => shelf.load(),
      keep: (source) => shelf.keep(source),
      dropOthers: () => shelf.dropOthers(),
      markRetained: (topic, bytes, isDurable) => shelf.markRetained(topic, bytes, isDurable),
      settle: () => new Promise<void>((done, fail) => waiting.push({ done, fail })),
      get counts() {
        return shelf.counts;
      },
      close: () => shelf.close(),
    });
    return { waiting, wrap };
  }

  it('is acknowledged when it is on the disk, and what came after it not before', async () => {
    await life.broker.stop();
    const disk = slow();
    await open(['alarm/#'], disk.wrap);
    const { client } = await connect(life, 5);
    client.send(publishPacket('alarm/a', 'x', { qos: 1, messageId: 1 }));
    client.send(publishPacket('plain', 'x', { qos: 1, messageId: 2 }));
    client.send(publishPacket('alarm/b', 'x', { qos: 2, messageId: 3 }));
    expect(await client.take()).toEqual([]);
    disk.waiting[1]?.done();
    expect(await client.take()).toEqual([]);
    disk.waiting[0]?.done();
    expect(await client.take()).toMatchObject([
      { cmd: 'puback', messageId: 1 },
      { cmd: 'puback', messageId: 2 },
      { cmd: 'pubrec', messageId: 3 },
    ]);
  });

  it('is refused when the disk fails; a client of 3.1.1 hears nothing but the end', async () => {
    await life.broker.stop();
    const disk = slow();
    await open(['alarm/#'], disk.wrap);
    const { client: five } = await connect(life, 5, { clientId: 'five' });
    const { client: four } = await connect(life, 4, { clientId: 'four' });
    five.send(publishPacket('alarm/a', 'x', { qos: 1, messageId: 1 }));
    four.send(publishPacket('alarm/a', 'x', { qos: 1, messageId: 1 }));
    await turns();
    for (const { fail } of disk.waiting) fail(new NotStored('here', new Error('EIO')));
    expect(await five.takeOne('puback')).toMatchObject({ reasonCode: 0x83 });
    expect(await four.take()).toEqual([]);
    expect(four.isClosed).toBe(true);
  });

  it('is there after a power cut', async () => {
    await restart(['alarm/#']);
    const { client } = await connect(life, 5, { clientId: 's', ...kept });
    await subscribe(client, 'alarm/#', { qos: 1 });
    client.stream.destroy();
    const { client: publisher } = await connect(life, 5, { clientId: 'p' });
    publisher.send(publishPacket('alarm/a', 'x', { qos: 1, messageId: 1, retain: true }));
    await expect.poll(() => publisher.inbox.length).toBe(1);
    // No goodbye: a second process opens what is on the disk now.
    const copy = mkdtempSync(join(tmpdir(), 'hanbus-copy-'));
    cpSync(folder, copy, { recursive: true });
    const { log } = makeFakeLog();
    rmSync(join(copy, 'lock'), { force: true });
    const shelf = await openShelf({ path: copy, node: 'kitchen', retained: () => undefined, clock, log });
    const { retained, sessions } = shelf.load();
    expect(retained).toMatchObject([{ topic: 'alarm/a' }]);
    expect(sessions).toMatchObject([{ clientId: 's', waiting: [{ message: { topic: 'alarm/a' } }] }]);
    await shelf.close();
    rmSync(copy, { recursive: true, force: true });
  });

  it.each([
    ['PUBREL', [0x62, 2, 0, 7]],
    ['PUBREL with a reason', [0x62, 3, 0, 7, 0]],
  ])('its identifier is off the disk before PUBCOMP answers %s', async (_how, pubrel) => {
    await restart(['alarm/#']);
    const { client } = await connect(life, 5, { clientId: 'two', ...kept });
    const hear = () => expect.poll(() => client.inbox.length).toBe(1);
    client.send(publishPacket('alarm/a', 'x', { qos: 2, messageId: 7 }));
    await hear();
    expect(await client.takeOne('pubrec')).toMatchObject({ messageId: 7 });
    client.sendBytes(Buffer.from(pubrel));
    await hear();
    expect(await client.takeOne('pubcomp')).toMatchObject({ messageId: 7 });
    expect(await sessionsOnDisk()).toMatchObject([{ clientId: 'two', received: [] }]);
  });
});

/** As a second process finds them now, without a goodbye of the first. */
async function sessionsOnDisk() {
  const copy = mkdtempSync(join(tmpdir(), 'hanbus-copy-'));
  cpSync(folder, copy, { recursive: true });
  const { log } = makeFakeLog();
  rmSync(join(copy, 'lock'), { force: true });
  const shelf = await openShelf({ path: copy, node: 'kitchen', retained: () => undefined, clock, log });
  const { sessions } = shelf.load();
  await shelf.close();
  rmSync(copy, { recursive: true, force: true });
  return sessions;
}
