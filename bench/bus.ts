// Deliveries per second inside one process: 1,000 subscriptions, 1,000 topics.
import { Bus } from '../src/bus/bus.ts';
import type { Message } from '../src/bus/message.ts';
import { print } from './print.ts';

const TOPICS = 1_000;
const SECONDS = 3;
/** Most listen to one point, some to a device, a few to everything: as rules, dashboards and loggers do. */
const FILTERS = { exact: 900, device: 90, everything: 10 };

const topicOf = (index: number): string => `hanbus/node/device_${index % 100}/point_${Math.floor(index / 100)}`;

function makeBus(onDelivery: () => void): Bus {
  const bus = new Bus((error) => {
    throw error;
  });
  const options = { origin: 'bench' };
  for (let index = 0; index < FILTERS.exact; index += 1) bus.subscribe(topicOf(index), onDelivery, options);
  for (let index = 0; index < FILTERS.device; index += 1) {
    bus.subscribe(`hanbus/node/device_${index}/+`, onDelivery, options);
  }
  for (let index = 0; index < FILTERS.everything; index += 1) bus.subscribe('hanbus/#', onDelivery, options);
  return bus;
}

let heard = 0;
const bus = makeBus(() => {
  heard += 1;
});
const messages = Array.from({ length: TOPICS }, (_, index): Message => {
  return { topic: topicOf(index), payload: '21.5', retain: false, qos: 0, origin: 'publisher' };
});

function runFor(seconds: number): { published: number; elapsed: number } {
  const start = performance.now();
  let published = 0;
  while (performance.now() - start < seconds * 1000) {
    for (const message of messages) bus.put(message);
    published += messages.length;
  }
  return { published, elapsed: (performance.now() - start) / 1000 };
}

runFor(0.5);
heard = 0;
const { published, elapsed } = runFor(SECONDS);
print({
  'bus deliveries/s': Math.round(heard / elapsed),
  'bus messages/s': Math.round(published / elapsed),
  'bus subscriptions': bus.counts.subscriptions,
});
