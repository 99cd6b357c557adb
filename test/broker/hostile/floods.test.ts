import { describe, expect, it } from 'vitest';
import { openRawLink } from '../../fuzz/raw-link.ts';
import { acknowledge, connect, disconnect, subscribe } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { ask, openSiege, say, until } from './siege.ts';

const lasting = { clean: false, properties: [[0x11, 600]] } as const;

describe('sessions that nobody needs', () => {
  it('of 3,000 clients that went are the most, when that is the limit; the oldest goes for a new one', async () => {
    const siege = await openSiege({ sessions: 3_000 });
    for (let count = 0; count < 3_500; count += 1) {
      const link = openRawLink(siege.broker, 5);
      const hello = connect(5, { clientId: `ghost${count}`, ...lasting });
      link.write(Buffer.concat([hello, subscribe(5, 1, [{ filter: `plant/${count}`, options: 1 }]), disconnect(5)]));
      if (count % 100 === 99) await turns(6);
    }
    await turns(10);
    expect(siege.broker.counts).toMatchObject({ clients: 2, sessions: 3_000 });
    expect(siege.bus.counts.subscriptions).toBe(3_000);
    await siege.checkBystanders();
    await siege.clock.advance(601_000);
    await turns(4);
    expect(siege.broker.counts).toMatchObject({ clients: 2, sessions: 2, waitingBytes: 0, filterLevels: 2 });
    expect(siege.bus.counts.subscriptions).toBe(2);
  });

  it('that all are owed something stay within the memory for all', async () => {
    const siege = await openSiege({ waitingBytes: 2_000_000 });
    for (let count = 0; count < 500; count += 1) {
      const link = await siege.join(5, `ghost${count}`, lasting);
      await ask(link, [{ filter: 'plant', options: 1 }]);
      link.destroy();
    }
    await turns(6);
    for (let count = 0; count < 200; count += 1) {
      siege.bus.publish({ topic: 'plant', payload: 'x'.repeat(500), qos: 1, origin: 'test' });
      expect(siege.broker.counts.waitingBytes).toBeLessThanOrEqual(2_000_000);
      if (count % 20 === 0) await siege.checkBystanders();
    }
    expect(siege.broker.counts.dropped.full).toBeGreaterThan(90_000);
  });

  it('of one name, taken over again and again, leave one', async () => {
    const siege = await openSiege();
    const links = Array.from({ length: 2_000 }, () => openRawLink(siege.broker, 5));
    for (const [index, link] of links.entries()) {
      link.write(connect(5, { clientId: 'same', clean: index % 3 === 0, properties: [[0x11, 600]] }));
      if (index % 50 === 0) await turns(2);
    }
    await turns(10);
    expect(links.filter(({ isClosed }) => !isClosed).length).toBe(1);
    expect(siege.broker.counts).toMatchObject({ clients: 3, sessions: 3, waitingBytes: 0 });
    await siege.checkBystanders();
  });
});

describe('wills', () => {
  it('of 2,000 clients that break at once are all said, and nobody is harmed', async () => {
    const siege = await openSiege();
    const sink = await siege.join(5, 'sink');
    await ask(sink, [{ filter: 'will/#', options: 0 }]);
    const will = (index: number) => ({ topic: `will/${index}`, payload: Buffer.alloc(1_000), qos: 1, retain: false });
    const links = [];
    for (let index = 0; index < 2_000; index += 1) {
      const link = openRawLink(siege.broker, 4);
      link.write(connect(4, { clientId: `w${index}`, clean: true, will: will(index) }));
      links.push(link);
      if (index % 100 === 0) await turns(3);
    }
    await turns(6);
    for (const link of links) link.destroy();
    await siege.checkBystanders();
    await until(() => sink.inbox.length === 2_000);
    expect(new Set(sink.inbox.map(({ packet }) => (packet.cmd === 'publish' ? packet.topic : ''))).size).toBe(2_000);
  });

  it('that make others break go round no loop', async () => {
    const siege = await openSiege();
    const will = { topic: 'will', payload: Buffer.from('x'), qos: 1, retain: true };
    for (let count = 0; count < 500; count += 1) {
      const link = openRawLink(siege.broker, 4);
      link.write(
        Buffer.concat([
          connect(4, { clientId: 'same', clean: true, will }),
          subscribe(4, 1, [{ filter: 'will', options: 1 }]),
        ]),
      );
      await turns(1);
    }
    await turns(10);
    expect(siege.broker.counts).toMatchObject({ clients: 3, sessions: 3 });
    expect(siege.bus.counts.queued).toBe(0);
    await siege.checkBystanders();
  });

  it('whose delay never ends are bounded with their sessions', async () => {
    const siege = await openSiege({ sessions: 50 });
    let said = 0;
    siege.bus.subscribe('will', () => (said += 1), { origin: 'test' });
    const delay = {
      topic: 'will',
      payload: Buffer.from('x'),
      qos: 0,
      retain: false,
      properties: [[0x18, 0xffff_ffff]],
    } as const;
    for (let count = 0; count < 500; count += 1) {
      const link = await siege.join(5, `w${count}`, { clean: true, properties: [[0x11, 0xffff_ffff]], will: delay });
      link.destroy();
      await turns(2);
    }
    expect(siege.broker.counts.sessions).toBe(50);
    expect(said).toBe(452);
    await siege.checkBystanders();
  });
});

describe('a client that hears itself', () => {
  it.each([4, 5] as const)('of QoS 2 in a loop gets each message once, version %i', async (version) => {
    const siege = await openSiege();
    const link = await siege.join(version, 'echo');
    await ask(link, [{ filter: 'echo/#', options: 2 }]);
    const heard: string[] = [];
    say(link, 'echo/0', '0', { qos: 2, id: 1 });
    let next = 1;
    for (let turn = 0; turn < 40_000 && heard.length < 1_000; turn += 1) {
      for (const { packet } of link.inbox.splice(0)) {
        const id = packet.messageId ?? 0;
        if (packet.cmd === 'pubrec') link.write(acknowledge('pubrel', id));
        if (packet.cmd === 'pubrel') link.write(acknowledge('pubcomp', id));
        if (packet.cmd !== 'publish') continue;
        heard.push(String(packet.payload));
        link.write(acknowledge('pubrec', id));
        say(link, `echo/${next % 5}`, String(next), { qos: 2, id: 1 + (next % 60_000) });
        next += 1;
      }
      await turns(1);
    }
    expect(heard).toEqual(Array.from({ length: 1_000 }, (_, count) => String(count)));
    await siege.checkBystanders();
  });

  it('with a thousand filters that all match still gets one message, not a thousand', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'echo');
    const filters = Array.from({ length: 512 }, (_, bits) => ({
      filter: Array.from({ length: 9 }, (_level, at) => ((bits >> at) & 1 ? '+' : 'x')).join('/'),
      options: bits % 3,
    }));
    await ask(link, filters);
    for (let count = 0; count < 100; count += 1) say(link, 'x/x/x/x/x/x/x/x/x', `${count}`);
    await until(() => link.inbox.length === 100);
    expect(link.inbox.length).toBe(100);
    await siege.checkBystanders();
  });

  it('may name any response topic: the broker itself answers nobody', async () => {
    const siege = await openSiege();
    const link = await siege.join(5, 'asker');
    await ask(link, [{ filter: '#', options: 0 }]);
    for (const responseTopic of ['$SYS/x', 'plant', 'hanbus/kitchen/pump/state/set', 'y'.repeat(65_535)]) {
      say(link, 'plant', 'x', {
        properties: [
          [0x08, responseTopic],
          [0x09, Buffer.alloc(65_535)],
        ],
      });
    }
    await until(() => link.inbox.length === 4);
    await turns(6);
    expect(link.inbox.length).toBe(4);
    await siege.checkBystanders();
  });
});

describe('connections that come and go', () => {
  it('3,000 times leave nothing', async () => {
    const siege = await openSiege();
    for (let count = 0; count < 3_000; count += 1) {
      const link = openRawLink(siege.broker, count % 2 === 0 ? 4 : 5);
      if (count % 3 > 0) link.write(connect(link.version, { clientId: `c${count}`, clean: true }));
      if (count % 3 > 1) link.write(subscribe(link.version, 1, [{ filter: '#', options: 1 }]));
      if (count % 50 === 49) await turns(3);
      if (count % 5 === 0) link.stream.end();
      else link.destroy();
    }
    await turns(20);
    expect(siege.broker.counts).toMatchObject({ clients: 2, sessions: 2, waitingBytes: 0, filterLevels: 2 });
    expect(siege.clock.pending).toBeLessThan(10);
    await siege.checkBystanders();
  });

  it('that say nothing keep nobody out', async () => {
    const siege = await openSiege();
    const silent = Array.from({ length: 1_000 }, () => openRawLink(siege.broker, 4));
    await turns(4);
    expect(silent.filter(({ isClosed }) => !isClosed).length).toBeLessThanOrEqual(200);
    await siege.join(5, 'late');
    await siege.checkBystanders();
    await siege.clock.advance(5_001);
    await turns(6);
    expect(silent.every(({ isClosed }) => isClosed)).toBe(true);
  });
});
