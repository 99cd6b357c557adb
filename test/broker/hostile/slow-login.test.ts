import { describe, expect, it } from 'vitest';
import type { Access, Rights } from '../../../src/broker/access.ts';
import { openRawLink } from '../../fuzz/raw-link.ts';
import { makeSlowAccess } from '../../fuzz/slow-access.ts';
import { connect, disconnect, publish, subscribe } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { openSiege, until } from './siege.ts';

const slow = makeSlowAccess((clientId) => (clientId.startsWith('slow') ? 10 : 0));

/** Rights that fail when they are asked: the broker's own mistake, of any kind. */
function makeBrokenAccess(isSlow: boolean): Access {
  const rights: Rights = { name: 'local', role: 'operator', write: () => undefined, read: () => undefined };
  const broken = {
    ...rights,
    write(): never {
      throw new Error('broken rights');
    },
  };
  return {
    admit({ clientId }) {
      if (clientId !== 'broken') return { rights };
      return isSlow ? turns(3).then(() => ({ rights: broken })) : { rights: broken };
    },
  };
}

describe('a login that takes time', () => {
  it('holds what follows it, in order, and no more than the socket brings', async () => {
    const siege = await openSiege({}, undefined, {}, slow);
    const heard: string[] = [];
    siege.bus.subscribe('plant/#', ({ topic }) => void heard.push(topic), { origin: 'test' });
    const link = openRawLink(siege.broker, 5);
    link.write(connect(5, { clientId: 'slow', clean: true }));
    for (let count = 0; count < 100; count += 1) {
      link.write(publish(5, { topic: `plant/${count}`, payload: Buffer.from('x'), qos: 0 }));
    }
    await turns(4);
    expect(heard).toEqual([]);
    await siege.checkBystanders();
    await until(() => heard.length === 100);
    expect(heard).toEqual(Array.from({ length: 100 }, (_, count) => `plant/${count}`));
  });

  it('of a client that goes before it is decided leaves nothing', async () => {
    const siege = await openSiege({}, undefined, {}, slow);
    for (let count = 0; count < 300; count += 1) {
      const link = openRawLink(siege.broker, count % 2 === 0 ? 4 : 5);
      link.write(connect(link.version, { clientId: `slow${count % 7}`, clean: true }));
      link.write(subscribe(link.version, 1, [{ filter: '#', options: 1 }]));
      if (count % 3 === 0) link.write(disconnect(link.version));
      await turns(count % 13);
      if (count % 5 === 0) link.stream.end();
      else link.destroy();
    }
    await turns(30);
    expect(siege.broker.counts).toMatchObject({ clients: 2, sessions: 2, waitingBytes: 0, filterLevels: 2 });
    expect(siege.lines.filter(({ level }) => level === 'error')).toEqual([]);
    await siege.checkBystanders();
  });

  it.each([false, true])('and a mistake of our own ends one connection alone, later %s', async (isSlow) => {
    const siege = await openSiege({}, undefined, {}, makeBrokenAccess(isSlow));
    const link = openRawLink(siege.broker, 5);
    const will = { topic: 'plant', payload: Buffer.from('x'), qos: 0, retain: false };
    link.write(connect(5, { clientId: 'broken', clean: true, will }));
    await until(() => link.isClosed);
    expect(link.isClosed).toBe(true);
    expect(siege.lines.filter(({ fields }) => fields.code === 'HB186').length).toBe(1);
    await siege.checkBystanders();
  });
});
