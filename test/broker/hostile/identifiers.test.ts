import { describe, expect, it } from 'vitest';
import { openRawLink } from '../../fuzz/raw-link.ts';
import { acknowledge, connect, publish } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { ask, farewell, openSiege, say, until } from './siege.ts';

describe('packet identifiers that nobody gave', () => {
  it.each([3, 4, 5] as const)('may be acknowledged for ever, version %i', async (version) => {
    const siege = await openSiege();
    const link = await siege.join(version, 'liar');
    for (let id = 1; id <= 65_535; id += 1) {
      link.write(acknowledge('puback', id));
      link.write(acknowledge('pubcomp', id));
      if (id % 4_096 === 0) await turns(2);
    }
    await turns(4);
    expect(link.inbox).toEqual([]);
    expect(link.isClosed).toBe(false);
    expect(siege.broker.counts.waitingBytes).toBe(0);
    await siege.checkBystanders();
  });

  it('are answered with 0x92 when they are released or received, and cost nothing', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'storm');
    for (let id = 1; id <= 30_000; id += 1) {
      link.write(acknowledge('pubrel', id));
      link.write(acknowledge('pubrec', id));
      if (id % 1_000 !== 0) continue;
      await until(() => link.inbox.length === 2_000);
      const codes = link.inbox
        .splice(0)
        .map(({ packet }) => `${packet.cmd} ${'reasonCode' in packet ? packet.reasonCode : ''}`);
      expect(new Set(codes)).toEqual(new Set(['pubcomp 146', 'pubrel 146']));
    }
    expect(siege.broker.counts.waitingBytes).toBe(0);
    await siege.checkBystanders();
  });

  it('do not take the message of another identifier away', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'liar', { clean: false, properties: [[0x11, 60]] });
    await ask(link, [{ filter: 'plant', options: 1 }]);
    siege.bus.publish({ topic: 'plant', payload: 'x', qos: 1, origin: 'test' });
    await until(() => link.inbox.length === 1);
    const id = link.inbox[0]?.packet.messageId ?? 0;
    for (let other = 1; other <= 65_535; other += 1) if (other !== id) link.write(acknowledge('puback', other));
    await turns(10);
    link.destroy();
    await turns(4);
    const again = await siege.join(5, 'liar', { clean: false, properties: [[0x11, 60]] });
    await until(() => again.inbox.length === 1);
    expect(again.inbox[0]?.packet).toMatchObject({ cmd: 'publish', messageId: id, dup: true });
  });
});

describe('QoS 2 that is never released', () => {
  it('is bounded by the receive maximum, MQTT 5', async () => {
    const siege = await openSiege({ receiveMaximum: 100 });
    const link = await siege.join(5, 'hoarder');
    for (let id = 1; id <= 101; id += 1) say(link, 'plant', 'x', { qos: 2, id });
    await until(() => link.isClosed);
    expect(farewell(link)).toBe(0x93);
    await siege.checkBystanders();
  });

  it('has 65,535 identifiers at most, 3.1.1, and repeats do nothing', async () => {
    const siege = await openSiege();
    const link = await siege.join(4, 'hoarder');
    let heard = 0;
    siege.bus.subscribe('plant', () => (heard += 1), { origin: 'test' });
    for (let round = 0; round < 2; round += 1) {
      for (let id = 1; id <= 65_535; id += 1) {
        say(link, 'plant', 'x', { qos: 2, id, dup: round > 0 });
        if (id % 4_096 === 0) await turns(2);
      }
    }
    await until(() => link.inbox.length === 131_070);
    expect(link.inbox.length).toBe(131_070);
    expect(heard).toBe(65_535);
    await siege.checkBystanders();
  });

  it('that is never received does not fill the memory: the client must go', async () => {
    const siege = await openSiege({ sessionMessages: 100, inflight: 20 });
    const link = await siege.join(4, 'deaf');
    await ask(link, [{ filter: 'plant', options: 2 }]);
    for (let count = 0; count < 500; count += 1)
      siege.bus.publish({ topic: 'plant', payload: 'x', qos: 2, origin: 'test' });
    await until(() => link.isClosed);
    expect(link.isClosed).toBe(true);
    expect(siege.broker.counts.waitingBytes).toBe(0);
    await siege.checkBystanders();
  });
});

describe('topic aliases', () => {
  it('are 64 at most, each may change, and hold no more than one topic each', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'alias');
    const heard: string[] = [];
    siege.bus.subscribe('plant/#', ({ topic }) => void heard.push(topic.slice(0, 12)), { origin: 'test' });
    for (let count = 0; count < 2_000; count += 1) {
      const alias = 1 + (count % 64);
      say(link, `plant/${String(count).padStart(6, '0')}/${'y'.repeat(1_000)}`, 'x', { properties: [[0x23, alias]] });
      say(link, '', 'x', { properties: [[0x23, alias]] });
      if (count % 50 === 0) await turns(2);
    }
    await until(() => heard.length === 4_000);
    expect(heard).toEqual(
      Array.from({ length: 4_000 }, (_, at) => `plant/${String(Math.floor(at / 2)).padStart(6, '0')}`),
    );
    say(link, 'plant', 'x', { properties: [[0x23, 65]] });
    await until(() => link.isClosed);
    expect(farewell(link)).toBe(0x94);
    await siege.checkBystanders();
  });

  it('are forgotten with the connection', async () => {
    const siege = await openSiege();
    const fields = { clean: false, properties: [[0x11, 60]] } as const;
    const first = await siege.join(5, 'alias', fields);
    say(first, 'plant', 'x', { properties: [[0x23, 1]] });
    await turns(4);
    first.destroy();
    await turns(4);
    const second = await siege.join(5, 'alias', fields);
    say(second, '', 'x', { properties: [[0x23, 1]] });
    await until(() => second.isClosed);
    expect([0x82, 0x94]).toContain(farewell(second));
  });
});

describe('large names and lists', () => {
  it('a client id of 65,535 bytes does not come in: CONNECT has 4 KB', async () => {
    const siege = await openSiege();
    for (const fields of [
      { clientId: 'c'.repeat(65_535) },
      { clientId: 'c', username: 'u'.repeat(65_535) },
      { clientId: 'c', username: 'u', password: 'p'.repeat(65_535) },
    ]) {
      const link = openRawLink(siege.broker, 5);
      link.write(connect(5, { clean: true, ...fields }));
      await until(() => link.isClosed);
      expect(link.isClosed).toBe(true);
    }
    expect(siege.broker.counts).toMatchObject({ clients: 2, waitingBytes: 0 });
    await siege.checkBystanders();
  });

  it('a client id of 4,000 bytes comes in, and is one line of the log at most', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'c'.repeat(4_000));
    link.write(Buffer.from([0]));
    link.write(Buffer.from([0]));
    await until(() => link.isClosed);
    const said = siege.lines.filter(({ level }) => level !== 'debug');
    expect(said.length).toBe(1);
    await siege.checkBystanders();
  });

  it('20,000 user properties pass in their order', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'chatty');
    await ask(link, [{ filter: 'plant', options: 0 }]);
    const properties = Array.from({ length: 20_000 }, (_, count) => [0x26, [`n${count % 7}`, String(count)]] as const);
    const packet = publish(5, { topic: 'plant', payload: Buffer.from('x'), qos: 0, properties });
    link.write(packet);
    await until(() => link.inbox.length > 0 || link.isClosed);
    expect(link.inbox[0]?.bytes.equals(packet)).toBe(true);
    await siege.checkBystanders();
  });

  it('a hundred such messages that wait for a frozen client are counted with all their bytes', async () => {
    const siege = await openSiege({ waitingBytes: 3_000_000, sessionBytes: 2_000_000 });
    const frozen = await siege.join(5, 'frozen', { clean: false, properties: [[0x11, 600]] });
    await ask(frozen, [{ filter: 'plant', options: 1 }]);
    frozen.destroy();
    await turns(4);
    const link = await siege.join(5, 'chatty');
    const properties = Array.from({ length: 5_000 }, (_, count) => [0x26, ['name', String(count)]] as const);
    for (let id = 1; id <= 100; id += 1) {
      link.write(publish(5, { topic: 'plant', payload: Buffer.from('x'), qos: 1, id, properties }));
      await turns(3);
    }
    expect(siege.broker.counts.dropped.full).toBeGreaterThan(40);
    expect(siege.broker.counts.waitingBytes).toBeLessThanOrEqual(3_000_000);
    await siege.checkBystanders();
  });
});
