import { expect, test } from 'vitest';
import { parseTopic, TOPIC_FACTS, topics } from '../../src/schemes/topics.ts';

/** Each topic that is made for somebody, with the names of the reference in place. */
const MADE = [
  topics.nodeState('<node>'),
  topics.nodeInfo('<node>'),
  topics.nodeOutbox('<node>'),
  topics.request('<node>', '<verb>'),
  topics.response('<node>', '<verb>'),
  topics.deviceState('<node>', '<device>'),
  topics.deviceMeta('<node>', '<device>'),
  topics.point('<node>', '<device>', '<point>'),
  topics.envelope('<node>', '<device>', '<point>'),
  topics.policy('<node>', '<device>', '<point>'),
  topics.policySet('<node>', '<device>', '<point>'),
  topics.set('<node>', '<device>', '<point>'),
  topics.command('<node>', '<device>', '<point>'),
  topics.ack('<node>', '<device>', '<point>'),
  topics.guard('<node>', '<device>', '<point>'),
  topics.set('<node>', '$group', '<name>'),
  topics.set('<node>', '$scene', '<name>'),
  topics.variable('<variable>'),
  topics.variableSet('<variable>'),
  topics.variableCommand('<variable>'),
  topics.variableAck('<variable>'),
  topics.serviceCall('<node>', '<service>', '<call>'),
  topics.serviceAnswer('<node>', '<service>', '<call>'),
];

test('what is made is what the reference says', () => {
  expect(TOPIC_FACTS.map(({ pattern }) => pattern).sort()).toEqual(MADE.sort());
});

test.each([
  ['hanbus/kitchen/air/temperature', { node: 'kitchen', rest: ['air', 'temperature'] }],
  ['hanbus/kitchen/$req/list', { node: 'kitchen', rest: ['$req', 'list'] }],
  ['hanbus/kitchen/', { node: 'kitchen', rest: [''] }],
])('%s is taken apart', (topic, parts) => {
  expect(parseTopic(topic)).toEqual(parts);
});

test.each(['', 'hanbus', 'hanbus/kitchen', 'hanbus//air', 'zigbee2mqtt/door/state', '/hanbus/kitchen/air'])(
  '%j is not a topic of a node',
  (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  },
);
