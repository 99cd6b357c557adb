import { describe, expect, it } from 'vitest';
import type { RawLink } from '../../fuzz/raw-link.ts';
import { subscribe, unsubscribe } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { ask, farewell, mapReadsOf, openSiege, say, until } from './siege.ts';

/** Sends many filters in few packets; tells how often each code came. */
async function askMany(link: RawLink, filters: readonly string[]): Promise<Map<number, number>> {
  const codes = new Map<number, number>();
  for (let at = 0; at < filters.length; at += 1_000) {
    const granted = await ask(
      link,
      filters.slice(at, at + 1_000).map((filter) => ({ filter, options: 0 })),
    );
    for (const code of granted) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return codes;
}

describe('one client with 100,000 subscriptions', () => {
  it('gets 10,000, the others are refused with 0x97', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'greedy');
    const codes = await askMany(
      link,
      Array.from({ length: 100_000 }, (_, index) => `plant/${index}`),
    );
    expect(Object.fromEntries(codes)).toEqual({ 0: 10_000, 151: 90_000 });
    expect(siege.bus.counts.subscriptions).toBe(10_002);
    await siege.checkBystanders();
    link.destroy();
    await turns(4);
    expect(siege.bus.counts.subscriptions).toBe(2);
    expect(siege.broker.counts.filterLevels).toBe(2);
  });

  it('of 100 levels each gets what 60,000 levels are worth; ten such clients no more than 200,000', async () => {
    const siege = await openSiege();
    const filters = (who: number) => Array.from({ length: 700 }, (_, index) => `${who}/${index}${'/x'.repeat(98)}`);
    const granted: number[] = [];
    for (let who = 0; who < 10; who += 1) {
      const link = await siege.join(5, `greedy${who}`);
      granted.push((await askMany(link, filters(who))).get(0) ?? 0);
    }
    expect(granted.slice(0, 3)).toEqual([600, 600, 600]);
    expect(siege.broker.counts.filterLevels).toBeLessThanOrEqual(200_000);
    expect(granted.reduce((sum, count) => sum + count)).toBe(1_999);
    await siege.checkBystanders();
  });

  it('tells 3.1.1 with 0x80', async () => {
    const siege = await openSiege({ subscriptionsPerClient: 5 });
    const link = await siege.join(4, 'greedy');
    const codes = await askMany(
      link,
      Array.from({ length: 8 }, (_, index) => `plant/${index}`),
    );
    expect(Object.fromEntries(codes)).toEqual({ 0: 5, 128: 3 });
  });
});

describe('a storm of wildcards', () => {
  /** Every way to write a topic of ten levels with `+`, and all their `#`. */
  const everyWay = Array.from({ length: 1_024 }, (_, bits) =>
    Array.from({ length: 10 }, (_level, at) => ((bits >> at) & 1 ? '+' : `l${at}`)).join('/'),
  );
  const topic = Array.from({ length: 10 }, (_, at) => `l${at}`).join('/');

  it('delivers each message once, and looks no further than the filters go', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'storm');
    expect(Object.fromEntries(await askMany(link, everyWay))).toEqual({ 0: 1_024 });
    const levels = siege.broker.counts.filterLevels;
    const source = await siege.join(5, 'source');
    const reads = await mapReadsOf(async () => {
      say(source, topic, 'x');
      await until(() => link.inbox.length > 0);
    });
    expect(link.inbox.length).toBe(1);
    expect(reads).toBeLessThan(3 * levels + 1_000);
    await siege.checkBystanders();
  });

  it('costs a topic that matches nothing no more than its own levels', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'storm');
    await askMany(
      link,
      everyWay.slice(0, 1_023).map((filter) => `deep/${filter}`),
    );
    const source = await siege.join(5, 'source');
    const reads = await mapReadsOf(async () => {
      say(source, `other/${topic}`, 'x');
      await turns(6);
    });
    expect(reads).toBeLessThan(300);
  });

  it('of filters that change all the time does not make the publishes of others dear', async () => {
    const siege = await openSiege();
    const churner = await siege.join(5, 'churner');
    const source = await siege.join(5, 'source');
    const sink = await siege.join(5, 'sink');
    await ask(sink, [{ filter: 'calm/+/#', options: 0 }]);
    await askMany(
      churner,
      Array.from({ length: 5_000 }, (_, index) => `plant/${index}/+/#`),
    );
    const reads = await mapReadsOf(async () => {
      for (let round = 0; round < 50; round += 1) {
        churner.write(subscribe(5, 1, [{ filter: `plant/${round}/x`, options: 0 }]));
        churner.write(unsubscribe(5, 2, [`plant/${round}/x`]));
        await turns(2);
        for (let count = 0; count < 20; count += 1) say(source, `calm/${count}/x`, `${round}`);
        await turns(2);
      }
      await until(() => sink.inbox.length === 1_000);
    });
    expect(sink.inbox.length).toBe(1_000);
    expect(reads / 1_000).toBeLessThan(100);
    expect(churner.isClosed).toBe(false);
    await siege.checkBystanders();
  });
});

describe('deep and long topics', () => {
  it('of 200 levels are served, deeper ones are refused', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'deep');
    const deep = (levels: number) => Array.from({ length: levels }, () => 'x').join('/');
    expect(
      await ask(
        link,
        [200, 201, 30_000].map((levels) => ({ filter: deep(levels), options: 0 })),
      ),
    ).toEqual([0, 0x8f, 0x8f]);
    say(link, deep(200), 'x');
    await until(() => link.inbox.length > 0);
    expect(link.inbox.splice(0).length).toBe(1);
    say(link, deep(201), 'x');
    await until(() => link.isClosed);
    expect(farewell(link)).toBe(0x90);
    await siege.checkBystanders();
  });

  it('of 65,535 bytes are served', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'long');
    const long = 'y'.repeat(65_535);
    expect(
      await ask(link, [
        { filter: long, options: 1 },
        { filter: `${long.slice(2)}/+`, options: 0 },
      ]),
    ).toEqual([1, 0]);
    say(link, long, 'x', { qos: 1, id: 1, retain: true });
    await until(() => link.inbox.length === 2);
    expect(link.inbox.map(({ packet }) => packet.cmd).sort()).toEqual(['puback', 'publish']);
    expect(siege.bus.retainedAt(long)).toBeDefined();
    await siege.checkBystanders();
  });

  it('of 65,535 bytes, each another one, cost no memory when they have gone', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'long');
    for (let count = 0; count < 300; count += 1) {
      say(link, `${count}${'y'.repeat(65_000)}`, 'x');
      if (count % 20 === 0) await turns(4);
    }
    await turns(10);
    expect(siege.broker.counts.waitingBytes).toBe(0);
    expect(link.isClosed).toBe(false);
    await siege.checkBystanders();
  });
});
