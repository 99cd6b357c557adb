import { describe, expect, it } from 'vitest';
import { subscribe } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { ask, openSiege, say, until } from './siege.ts';

describe('a flood of retained messages', () => {
  it('of 200,000 topics is refused from the limit on, and all is bounded', async () => {
    const siege = await openSiege({}, undefined, { retained: 20_000 });
    const link = await siege.join(5, 'flood');
    const codes = new Map<number, number>();
    for (let count = 0; count < 200_000; count += 1) {
      const qos = count % 20 === 0 ? 1 : 0; // one in twenty tells how they fare
      say(link, `plant/${count}`, 'x', { retain: true, qos, id: 1 + (count % 60_000) });
      if (count % 2_000 !== 1_999) continue;
      await until(() => link.inbox.length === 100);
      for (const { packet } of link.inbox.splice(0)) {
        const code = packet.cmd === 'puback' ? (packet.reasonCode ?? 0) : -1;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(codes)).toEqual({ 0: 1_000, 151: 9_000 });
    expect(siege.bus.counts.retained).toBe(20_000);
    expect(siege.broker.counts.waitingBytes).toBe(0);
    expect(siege.broker.counts.dropped.refused).toBe(180_000);
    expect(siege.lines.filter(({ fields }) => fields.code === 'HB189').length).toBe(1);
    await siege.checkBystanders();
  });

  it('of large messages is bounded in bytes; what is there may be made smaller and taken away', async () => {
    const siege = await openSiege({}, undefined, { retainedBytes: 1_000_000 });
    const link = await siege.join(5, 'flood');
    const put = async (topic: string, size: number): Promise<number> => {
      say(link, topic, 'x'.repeat(size), { retain: true, qos: 1, id: 7 });
      await until(() => link.inbox.length > 0);
      const [answer] = link.inbox.splice(0);
      return answer?.packet.cmd === 'puback' ? (answer.packet.reasonCode ?? 0) : -1;
    };
    const granted: number[] = [];
    for (let count = 0; count < 20; count += 1) granted.push(await put(`plant/${count}`, 100_000));
    expect(granted.filter((code) => code === 0).length).toBe(9);
    expect(granted.filter((code) => code === 0x97).length).toBe(11);
    expect(await put('plant/0', 200_000)).toBe(0x97);
    expect(await put('plant/0', 10)).toBe(0);
    expect(await put('plant/1', 0)).toBe(0);
    expect(await put('plant/new', 100_000)).toBe(0);
    expect(siege.bus.counts.retained).toBe(9);
    await siege.checkBystanders();
  });

  it('of properties is bounded in bytes too', async () => {
    const siege = await openSiege({}, undefined, { retainedBytes: 1_000_000 });
    const link = await siege.join(5, 'flood');
    const properties = Array.from({ length: 5_000 }, (_, count) => [0x26, ['name', String(count)]] as const);
    for (let count = 0; count < 40; count += 1) {
      say(link, `plant/${count}`, 'x', { retain: true, properties });
      await turns(3);
    }
    expect(siege.bus.counts.retained).toBeLessThan(20);
    await siege.checkBystanders();
  });

  it('is given to a frozen subscriber no faster than it takes it', async () => {
    const siege = await openSiege();
    for (let count = 0; count < 5_000; count += 1) {
      siege.bus.publish({ topic: `plant/${count}`, payload: 'x'.repeat(1_000), retain: true, origin: 'test' });
    }
    const links = await Promise.all(Array.from({ length: 20 }, (_, index) => siege.join(5, `frozen${index}`)));
    for (const link of links) {
      await ask(link, [{ filter: 'nothing', options: 0 }]);
      link.stream.pause();
      link.write(subscribe(5, 9, [{ filter: 'plant/#', options: 0 }]));
    }
    await turns(50);
    expect(siege.broker.counts.waitingBytes).toBeLessThan(20 * 300_000);
    await siege.checkBystanders();
    for (const link of links) link.stream.resume();
    await until(() => links.every(({ inbox }) => inbox.length === 5_001));
    expect(links.map(({ inbox }) => inbox.length)).toEqual(links.map(() => 5_001));
  });

  it('goes to a storm of subscribers piece by piece: the bystanders are heard between', async () => {
    const siege = await openSiege();
    for (let count = 0; count < 2_000; count += 1) {
      siege.bus.publish({ topic: `plant/${count}`, payload: 'x', retain: true, origin: 'test' });
    }
    const links = await Promise.all(Array.from({ length: 15 }, (_, index) => siege.join(4, `storm${index}`)));
    for (let round = 0; round < 6; round += 1) {
      for (const link of links) link.write(subscribe(4, 9, [{ filter: '#', options: 0 }]));
      await siege.checkBystanders();
    }
    await until(() => links.every(({ inbox }) => inbox.length >= 2_006));
    expect(links.every(({ isClosed }) => !isClosed)).toBe(true);
  });
});
