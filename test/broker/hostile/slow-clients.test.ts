import { describe, expect, it } from 'vitest';
import { openRawLink, type RawLink } from '../../fuzz/raw-link.ts';
import { connect, publish } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { ask, farewell, openSiege, say, until } from './siege.ts';

const payloads = (link: RawLink) =>
  link.inbox.splice(0).flatMap(({ packet }) => (packet.cmd === 'publish' ? [String(packet.payload)] : []));

describe('a subscriber that takes nothing', () => {
  it.each([3, 4, 5] as const)(
    'keeps the newest QoS 0 of each topic, the others get all, version %i',
    async (version) => {
      const siege = await openSiege({ queueMessages: 100, queueBytes: 100_000 });
      const frozen = await siege.join(version, 'frozen');
      const lively = await siege.join(5, 'lively');
      const source = await siege.join(4, 'source');
      await ask(frozen, [{ filter: 'plant/#', options: 0 }]);
      await ask(lively, [{ filter: 'plant/#', options: 0 }]);
      frozen.stream.pause();
      const heard: string[] = [];
      for (let count = 0; count < 3_000; count += 1) {
        say(source, `plant/${count % 7}`, `${count}`.padEnd(100));
        if (count % 50 !== 49) continue;
        await turns(4);
        heard.push(...payloads(lively));
        expect(siege.broker.counts.waitingBytes).toBeLessThan(110_000);
      }
      await until(() => heard.push(...payloads(lively)) === 3_000);
      expect(heard.map(Number)).toEqual(Array.from({ length: 3_000 }, (_, count) => count));
      await siege.checkBystanders();
      expect(frozen.isClosed).toBe(false);
      expect(siege.broker.counts.dropped.superseded).toBeGreaterThan(1_000);
      frozen.stream.resume();
      await turns(20);
      const late = payloads(frozen).map(Number);
      expect(late.slice(-7)).toEqual([2_993, 2_994, 2_995, 2_996, 2_997, 2_998, 2_999]);
      expect(late).toEqual(late.toSorted((one, other) => one - other));
    },
  );

  it('is cut off with 0x97 when thinning does not help, QoS 0', async () => {
    const siege = await openSiege({ queueMessages: 100, queueBytes: 100_000 });
    const frozen = await siege.join(5, 'frozen');
    await ask(frozen, [{ filter: 'plant/#', options: 0 }]);
    frozen.stream.pause();
    const source = await siege.join(4, 'source');
    for (let count = 0; count < 3_000; count += 1) {
      say(source, `plant/${count}`, 'x'.repeat(100));
      if (count % 50 === 49) await turns(4);
      expect(siege.broker.counts.waitingBytes).toBeLessThan(110_000);
    }
    await turns(6);
    expect(siege.broker.counts.clients).toBe(3);
    await siege.checkBystanders();
    frozen.stream.resume();
    await until(() => frozen.isClosed);
    expect(farewell(frozen)).toBe(0x97);
  });

  it('is cut off with 0x97 when too much waits for its acknowledgement, QoS 1 and 2', async () => {
    const siege = await openSiege({ sessionMessages: 200, inflight: 10 });
    const silent = await siege.join(5, 'silent');
    await ask(silent, [{ filter: 'plant/#', options: 2 }]);
    const source = await siege.join(4, 'source');
    for (let count = 0; count < 1_000; count += 1) {
      say(source, 'plant/1', `${count}`, { qos: 1 + (count % 2), id: 1 + count });
      if (count % 50 === 49) await turns(4);
    }
    await until(() => silent.isClosed);
    expect(farewell(silent)).toBe(0x97);
    expect(siege.broker.counts).toMatchObject({ waitingBytes: 0, clients: 3 });
    await siege.checkBystanders();
  });
});

describe('a sender of one byte in a second', () => {
  it('has five seconds for its CONNECT', async () => {
    const siege = await openSiege();
    const slow = openRawLink(siege.broker, 5);
    const hello = connect(5, { clientId: 'slow', clean: true });
    for (const [at, byte] of hello.entries()) {
      slow.write(Buffer.from([byte]));
      await turns(3);
      await siege.clock.advance(1_000);
      await turns(3);
      expect(slow.isClosed).toBe(at >= 4);
      if (slow.isClosed) break;
    }
    expect(siege.broker.counts.clients).toBe(2);
    await siege.checkBystanders();
  });

  it('has one and a half times its keep alive for each whole packet', async () => {
    const siege = await openSiege();
    const slow = await siege.join(5, 'slow', { keepAlive: 10 });
    const packet = publish(5, { topic: 'plant', payload: Buffer.alloc(100), qos: 0 });
    let seconds = 0;
    for (const byte of packet) {
      slow.write(Buffer.from([byte]));
      await turns(3);
      if (slow.isClosed) break;
      await siege.clock.advance(1_000);
      seconds += 1;
    }
    expect(seconds).toBe(15);
    expect(farewell(slow)).toBe(0x8d);
    await siege.checkBystanders();
  });

  it('without a keep alive holds no more than what it sent', async () => {
    const siege = await openSiege();
    const slow = await siege.join(5, 'slow');
    const before = siege.broker.counts.waitingBytes;
    const packet = publish(5, { topic: 'plant', payload: Buffer.alloc(4_000_000), qos: 0 });
    for (let at = 0; at < 600; at += 1) {
      slow.write(packet.subarray(at, at + 1));
      await turns(1);
      await siege.clock.advance(60_000);
    }
    expect(slow.isClosed).toBe(false);
    expect(siege.broker.counts.waitingBytes - before).toBeLessThan(3_000);
    await siege.checkBystanders();
  });

  it('is not alone: the fullest of many such senders goes, nobody else', async () => {
    const siege = await openSiege({ waitingBytes: 300_000, packetBytes: 1_000_000 });
    const packet = publish(5, { topic: 'plant', payload: Buffer.alloc(900_000), qos: 0 });
    const links: RawLink[] = [];
    for (let index = 0; index < 40; index += 1) {
      const link = await siege.join(5, `slow${index}`);
      link.write(packet.subarray(0, 20_000 + index));
      links.push(link);
      await turns(2);
      expect(siege.broker.counts.waitingBytes).toBeLessThanOrEqual(300_000);
    }
    expect(links.filter(({ isClosed }) => isClosed).length).toBeGreaterThan(20);
    await siege.checkBystanders();
  });
});

describe('a packet that is announced and not sent', () => {
  it.each([
    ['before CONNECT, as CONNECT', '10ffffff7f'],
    ['before CONNECT, as PUBLISH', '30ffffff7f'],
  ])('of 256 MB costs nothing, %s', async (_name, hex) => {
    const siege = await openSiege();
    const links = Array.from({ length: 20 }, () => openRawLink(siege.broker, 5));
    for (const link of links) for (const byte of Buffer.from(hex, 'hex')) link.write(Buffer.from([byte]));
    await turns(10);
    expect(links.every(({ isClosed }) => isClosed)).toBe(true);
    expect(siege.broker.counts).toMatchObject({ waitingBytes: 0, clients: 2 });
    await siege.checkBystanders();
  });

  it('of 256 MB after CONNECT is refused with 0x95 before it is sent', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'large');
    link.write(Buffer.from('30ffffff7f', 'hex'));
    await until(() => link.isClosed);
    expect(farewell(link)).toBe(0x95);
    expect(siege.broker.counts.waitingBytes).toBe(0);
  });

  it('holds no memory before it is there', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'large');
    link.write(Buffer.from('30ffff7f000161', 'hex'));
    await turns(4);
    expect(siege.broker.counts.waitingBytes).toBeLessThan(100);
    expect(link.isClosed).toBe(false);
  });

  it.each([4_096, 4_097])('of %i bytes as CONNECT: 4,096 are the most', async (size) => {
    const siege = await openSiege();
    const link = openRawLink(siege.broker, 4);
    const bare = connect(4, { clientId: 'c', clean: true, username: 'u', password: '' }).length + 1;
    link.write(connect(4, { clientId: 'c', clean: true, username: 'u', password: 'p'.repeat(size - bare) }));
    await turns(10);
    expect(link.isClosed).toBe(size > 4_096);
    await siege.checkBystanders();
  });
});
