import { generate } from 'mqtt-packet';
import { expect, it } from 'vitest';
import { thin } from '../../src/broker/thin.ts';

const message = (topic: string, topicAlias?: number) =>
  generate(
    {
      ...{ cmd: 'publish', topic, payload: 'x', qos: 0, retain: false, dup: false },
      ...(topicAlias === undefined ? {} : { properties: { topicAlias } }),
    },
    { protocolVersion: 5 },
  );

it('counts what it keeps: messages with an alias stay, and are still QoS 0 messages', () => {
  const packets = [message('a', 1), message('b'), message('', 1), message('b')];
  const { kept, dropped } = thin([{ bytes: Buffer.concat(packets), packets: 4, droppable: 4 }], true);
  expect(dropped).toBe(1);
  expect(kept).toMatchObject([{ packets: 3, droppable: 3 }]);
});
