import { describe, expect, it } from 'vitest';
import type { RawLink } from '../../fuzz/raw-link.ts';
import { acknowledge, type Property } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { ask, openSiege, type Siege, until } from './siege.ts';

const KEPT: Property = [0x11, 600];

/** A session with so many messages under way that its client never acknowledged. */
async function openSession(siege: Siege, count: number, size: number): Promise<void> {
  const link = await siege.join(5, 'away', { clean: false, properties: [KEPT] });
  await ask(link, [{ filter: 'plant', options: 1 }]);
  for (let number = 0; number < count; number += 1) {
    siege.bus.publish({ topic: 'plant', payload: `${number}`.padEnd(size), qos: 1, origin: 'test' });
    await turns(1);
  }
  await until(() => link.inbox.length === count, 200);
  link.destroy();
  await turns(6);
}

const resume = (siege: Siege, ...properties: Property[]) =>
  siege.join(5, 'away', { clean: false, properties: [KEPT, ...properties] });

/** Acknowledges all that comes, until nothing more does. Tells the numbers in the order they came. */
async function takeAll(link: RawLink, most: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let quiet = 0; quiet < 30; quiet += 1) {
    const publishes = link.inbox.splice(0).flatMap(({ packet }) => (packet.cmd === 'publish' ? [packet] : []));
    expect(publishes.length).toBeLessThanOrEqual(most);
    for (const { payload, messageId = 0 } of publishes) {
      numbers.push(Number.parseInt(String(payload), 10));
      link.write(acknowledge('puback', messageId));
    }
    if (publishes.length > 0) quiet = 0;
    await turns(1);
  }
  return numbers;
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

describe('a session whose client comes back', () => {
  it('with a smaller receive maximum is sent again no more than that at once', async () => {
    const siege = await openSiege();
    await openSession(siege, 20, 10);
    const link = await resume(siege, [0x21, 3]);
    expect(await takeAll(link, 3)).toEqual(upTo(20));
    expect(siege.broker.counts.waitingBytes).toBe(0);
    await siege.checkBystanders();
  });

  it('with a smaller receive maximum gets new messages after the old ones', async () => {
    const siege = await openSiege();
    await openSession(siege, 5, 10);
    const link = await resume(siege, [0x21, 2]);
    for (const number of [5, 6, 7]) siege.bus.publish({ topic: 'plant', payload: `${number}`, qos: 1, origin: 'test' });
    expect(await takeAll(link, 2)).toEqual(upTo(8));
  });

  it('with a smaller packet size is not sent what is larger, and what is not goes on', async () => {
    const siege = await openSiege();
    await openSession(siege, 3, 500);
    const link = await resume(siege, [0x27, 200]);
    siege.bus.publish({ topic: 'plant', payload: '3', qos: 1, origin: 'test' });
    expect(await takeAll(link, 10)).toEqual([3]);
    expect(siege.broker.counts.waitingBytes).toBe(0);
  });

  it('gets all of what is under way, even when that is more than its queue', async () => {
    const siege = await openSiege({ queueBytes: 200_000, sessionBytes: 1_000_000 });
    await openSession(siege, 60, 15_000);
    const link = await resume(siege);
    link.stream.pause();
    await turns(10);
    link.stream.resume();
    expect(await takeAll(link, 1_000)).toEqual(upTo(60));
    expect(link.isClosed).toBe(false);
  });

  it('and goes in the middle loses nothing and gets nothing twice after its acknowledgement', async () => {
    const siege = await openSiege();
    await openSession(siege, 50, 10);
    const seen: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const link = await resume(siege, [0x21, 4]);
      await until(() => link.inbox.length > 0);
      const [first] = link.inbox;
      if (first?.packet.cmd !== 'publish') break;
      seen.push(Number.parseInt(String(first.packet.payload), 10));
      link.write(acknowledge('puback', first.packet.messageId ?? 0));
      await turns(4);
      link.destroy();
      await turns(4);
    }
    expect(seen).toEqual(upTo(10));
    expect(await takeAll(await resume(siege), 1_000)).toEqual(upTo(50).slice(10));
  });
});
