import { expect, it } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { PointEars } from '../../src/rule-runner/point-ears.ts';
import type { News } from '../../src/rules/engine-world.ts';
import type { PointSpec } from '../../src/schemes/point.ts';
import type { Reading } from '../../src/schemes/reading.ts';

const OWN = 'kitchen.air.temperature';
const PEER = 'garden.air.temperature';

function ears(spec: PointSpec = { type: 'number' }) {
  const bus = new Bus((error) => {
    throw error;
  });
  const news: News[] = [];
  const made = new PointEars({ bus, node: 'kitchen', tell: (one) => void news.push(one), specOf: () => spec });
  const put = (topic: string, reading: Reading, form: 'envelope' | 'plain' = 'plain') =>
    void bus.put({ topic, payload: { reading, form }, retain: true, qos: 0, origin: 'publisher' });
  const bytes = (topic: string, text: string, retain = false) =>
    void bus.publish({ topic, payload: Buffer.from(text), retain, origin: 'mqtt:x' });
  return { bus, news, ears: made, put, bytes };
}

const reading = (value: number, sequence: number, quality: Reading['quality'] = 'good'): Reading => ({
  ...{ value, sequence, quality, epoch: 2 },
});

it('begins with what is retained, tells each reading once, and news of its quality', () => {
  const { ears: it1, put, news } = ears();
  put('hanbus/kitchen/air/temperature', reading(20, 1));
  it1.listen(new Set([OWN]), new Set());
  put('hanbus/kitchen/air/temperature', reading(21, 2));
  put('hanbus/kitchen/air/temperature/$v', reading(21, 2), 'envelope');
  put('hanbus/kitchen/air/temperature/$v', reading(21, 2, 'stale'), 'envelope');
  put('hanbus/kitchen/air/temperature', reading(21, 3));
  expect(news.map((one) => ('quality' in one ? `${JSON.stringify(one.value)} ${one.quality}` : ''))).toEqual([
    '20 good',
    '21 good',
    '21 stale',
    '21 good',
  ]);
});

it('a retained reading that has become stale is never told as good', () => {
  const { bus, ears: it1, put, news } = ears();
  put('hanbus/kitchen/air/temperature', reading(20, 1));
  bus.addRetainedSource({
    retained: (filter) =>
      filter === 'hanbus/kitchen/air/temperature/$v'
        ? [
            {
              topic: filter,
              payload: { reading: reading(20, 1, 'stale'), form: 'envelope' },
              retain: true,
              qos: 0,
              origin: 'p',
            },
          ]
        : [],
  });
  it1.listen(new Set([OWN]), new Set());
  expect(news).toMatchObject([{ quality: 'stale' }]);
});

it('believes no bytes about an own point, and parses those of others', () => {
  const { ears: it1, bytes, news } = ears();
  it1.listen(new Set([OWN, PEER]), new Set());
  bytes('hanbus/kitchen/air/temperature', '99');
  bytes('hanbus/garden/air/temperature', '12.5');
  bytes('hanbus/garden/air/temperature', 'warm');
  bytes('hanbus/garden/air/temperature/$v', '{"v":13,"q":"uncertain","e":4,"s":9}');
  bytes('hanbus/garden/air/temperature', '13');
  expect(news).toEqual([
    { kind: 'reading', point: PEER, value: 12.5, quality: 'good', epoch: 0, sequence: 1 },
    { kind: 'reading', point: PEER, value: 13, quality: 'uncertain', epoch: 4, sequence: 9 },
  ]);
});

it('events are told as events, a cleared point as unknown', () => {
  const { ears: it1, put, bytes, news } = ears({ type: 'event' });
  it1.listen(new Set([OWN]), new Set());
  put('hanbus/kitchen/air/temperature', reading(1, 1));
  put('hanbus/kitchen/air/temperature/$v', reading(1, 1), 'envelope');
  bytes('hanbus/kitchen/air/temperature', '', true);
  expect(news).toMatchObject([
    { kind: 'event', value: 1 },
    { kind: 'reading', quality: 'bad' },
  ]);
});

it('listens to just what is wanted; what was heard before is not told again', () => {
  const { bus, ears: it1, put, bytes, news } = ears();
  it1.listen(new Set([OWN]), new Set(['zigbee2mqtt/+']));
  put('hanbus/kitchen/air/temperature', reading(20, 1));
  it1.listen(new Set([OWN, 'home.mode']), new Set(['zigbee2mqtt/+']));
  expect(news).toHaveLength(1);
  bytes('zigbee2mqtt/door', '{"contact":true}', true);
  expect(news[1]).toEqual({ kind: 'message', topic: 'zigbee2mqtt/door', payload: '{"contact":true}' });
  expect([it1.size, bus.counts.subscriptions]).toEqual([3, 4]);
  it1.stop();
  expect([it1.size, bus.counts.subscriptions]).toEqual([0, 0]);
});
