import { describe, expect, it } from 'vitest';
import { openRawLink } from '../../fuzz/raw-link.ts';
import { acknowledge, connect, PINGREQ, publish, subscribe, unsubscribe } from '../../fuzz/wire.ts';
import { turns } from '../packet-client.ts';
import { openSiege } from './siege.ts';

const PAYLOAD = Buffer.from('x'.repeat(30));

describe('a client that takes small packets only', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 12, 20, 30, 60])('of %i bytes gets none that is larger', async (size) => {
    const siege = await openSiege();
    const link = openRawLink(siege.broker, 5);
    link.write(connect(5, { clientId: 'small', clean: true, properties: [[0x27, size]] }));
    link.write(
      subscribe(5, 1, [
        { filter: 'plant', options: 2 },
        { filter: '#/bad', options: 0 },
      ]),
    );
    for (const qos of [0, 1, 2]) link.write(publish(5, { topic: 'plant', payload: PAYLOAD, qos, id: 2 + qos }));
    for (const qos of [1, 2]) link.write(publish(5, { topic: '$SYS/no', payload: PAYLOAD, qos, id: 6 + qos }));
    await turns(4);
    link.write(acknowledge('pubrel', 4));
    link.write(acknowledge('pubrel', 99));
    link.write(unsubscribe(5, 5, ['plant', 'plant', 'nothing']));
    link.write(PINGREQ);
    await turns(4);
    link.write(Buffer.from([0, 0]));
    await turns(6);
    expect(link.inbox.map(({ bytes }) => bytes.length).filter((length) => length > size)).toEqual([]);
    expect(link.isClosed).toBe(true);
    expect(link.left).toBe(0);
    expect(siege.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(siege.broker.counts).toMatchObject({ waitingBytes: 0, clients: 2, filterLevels: 2 });
    await siege.checkBystanders();
  });
});
