import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { bytesOf, type Message, readingOf, textOf } from '../../src/bus/message.ts';
import { matches } from '../../src/bus/subscription.ts';
import type { Reading } from '../../src/schemes/reading.ts';

const fail = (error: unknown) => {
  throw error;
};
const makeBus = () => new Bus(fail);
const me = { origin: 'test' };

function listen(bus: Bus, filter: string, options = {}): Message[] {
  const got: Message[] = [];
  bus.subscribe(filter, (message) => got.push(message), { ...me, ...options });
  return got;
}

describe('Bus', () => {
  it('delivers to every matching subscription and to no other', () => {
    const bus = makeBus();
    const all = listen(bus, 'hanbus/#');
    const one = listen(bus, 'hanbus/+/air/temperature');
    const none = listen(bus, 'hanbus/+/air');
    bus.publish({ topic: 'hanbus/kitchen/air/temperature', payload: '21.5', origin: 'x' });
    expect([all.length, one.length, none.length]).toEqual([1, 1, 0]);
  });

  it('queues what a handler publishes, in order, without recursion', () => {
    const bus = makeBus();
    const order: string[] = [];
    let depth = 0;
    bus.subscribe(
      'chain/+',
      ({ topic }) => {
        depth += 1;
        expect(depth).toBe(1);
        const step = Number(topic.slice(6));
        order.push(`first ${step}`);
        if (step < 1_500) bus.publish({ topic: `chain/${step + 1}`, payload: 'x', origin: 'a' });
        depth -= 1;
      },
      me,
    );
    bus.subscribe('chain/+', ({ topic }) => order.push(`second ${topic.slice(6)}`), me);
    bus.publish({ topic: 'chain/1', payload: 'x', origin: 'a' });
    expect(order.slice(0, 4)).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
    expect(order).toHaveLength(3_000);
  });

  it('gives the event loop a turn in an endless loop, and refuses when full', async () => {
    const bus = new Bus(fail, { queue: 10, turn: 5 });
    let runs = 0;
    const stop = bus.subscribe(
      'loop',
      () => {
        runs += 1;
        bus.publish({ topic: 'loop', payload: 'x', origin: 'a' });
        bus.publish({ topic: 'loop', payload: 'x', origin: 'a' });
      },
      me,
    );
    bus.publish({ topic: 'loop', payload: 'x', origin: 'a' });
    expect(runs).toBe(5);
    await new Promise((resolve) => setImmediate(resolve));
    stop();
    expect(runs).toBeGreaterThan(5);
    expect(bus.counts.refused).toBeGreaterThan(0);
  });

  it('keeps retained messages, gives them on request, deletes by an empty one', () => {
    const bus = makeBus();
    bus.publish({ topic: 'a/b', payload: '1', retain: true, origin: 'x' });
    bus.publish({ topic: 'a/c', payload: '2', retain: true, origin: 'x' });
    expect(listen(bus, 'a/+', { retained: true }).map(textOf)).toEqual(['1', '2']);
    expect(listen(bus, 'a/b', { retained: true }).map(textOf)).toEqual(['1']);
    bus.publish({ topic: 'a/b', payload: '', retain: true, origin: 'x' });
    expect([...bus.retained('#')].map(textOf)).toEqual(['2']);
    expect(bus.counts.retained).toBe(1);
  });

  it('adds retained messages that a source makes on demand', () => {
    const bus = makeBus();
    let asked = 0;
    const made: Message = { topic: 'p/$v', payload: '{}', retain: true, qos: 0, origin: 'x' };
    const remove = bus.addRetainedSource({
      retained: (filter) => {
        asked += 1;
        return matches(filter, made.topic) ? [made] : [];
      },
    });
    expect([...bus.retained('p/#')]).toEqual([made]);
    remove();
    expect([...bus.retained('p/#')]).toEqual([]);
    expect(asked).toBe(1);
  });

  it('does not echo to its own origin when asked so', () => {
    const bus = makeBus();
    const echoed = listen(bus, 't');
    const quiet = listen(bus, 't', { noLocal: true });
    bus.publish({ topic: 't', payload: 'x', origin: 'test' });
    bus.publish({ topic: 't', payload: 'x', origin: 'other' });
    expect([echoed.length, quiet.length]).toEqual([2, 1]);
  });

  it('shares fairly in a group and prefers members that are ready', () => {
    const bus = makeBus();
    const counts = [0, 0, 0];
    counts.forEach((_zero, index) => {
      bus.attach({
        filter: '$share/g/t/#',
        origin: `m${index}`,
        isReady: () => index !== 2,
        deliver: () => {
          counts[index] = (counts[index] ?? 0) + 1;
        },
      });
    });
    for (let round = 0; round < 10; round += 1) bus.publish({ topic: 't/x', payload: '', origin: 'x' });
    expect(counts).toEqual([5, 5, 0]);
  });

  it('goes on after a handler threw, and tells', () => {
    const errors: string[] = [];
    const bus = new Bus((error, filter) => errors.push(`${filter}: ${String(error)}`));
    bus.subscribe('t', () => fail(new Error('broken')), me);
    const got = listen(bus, 't');
    bus.publish({ topic: 't', payload: 'x', origin: 'x' });
    expect(got).toHaveLength(1);
    expect(errors).toEqual(['t: Error: broken']);
  });

  it('answers whether anybody is interested', () => {
    const bus = makeBus();
    expect(bus.isInterested('a/b/$v')).toBe(false);
    const stop = bus.subscribe('a/#', () => undefined, me);
    expect(bus.isInterested('a/b/$v')).toBe(true);
    stop();
    expect(bus.isInterested('a/b/$v')).toBe(false);
  });

  it('encodes a typed reading once, when bytes are first asked for', () => {
    const reading: Reading = { value: 21.5, unit: '°C', time: 5, quality: 'good', epoch: 1, sequence: 2 };
    const message: Message = { topic: 't', payload: { reading, form: 'plain' }, retain: false, qos: 0, origin: 'x' };
    expect(readingOf(message)).toBe(reading);
    expect(bytesOf(message).toString()).toBe('21.5');
    expect(bytesOf(message)).toBe(bytesOf(message));
    expect(textOf({ ...message, payload: { reading, form: 'envelope' } })).toBe(
      '{"v":21.5,"u":"°C","t":5,"q":"good","e":1,"s":2}',
    );
  });

  it('counts: every delivery of a random traffic adds up', () => {
    const topic = fc.constantFrom('a', 'a/b', 'a/c', 'b');
    const filter = fc.constantFrom('#', 'a/+', 'a/#', 'b', '+');
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 8 }), fc.array(topic, { maxLength: 20 }), (filters, topics) => {
        const bus = makeBus();
        const got = filters.map((text) => listen(bus, text));
        for (const name of topics) bus.publish({ topic: name, payload: 'x', origin: 'x' });
        const expected = filters.map((text) => topics.filter((name) => matches(text, name)).length);
        expect(got.map((messages) => messages.length)).toEqual(expected);
        expect(bus.counts.delivered).toBe(expected.reduce((sum, count) => sum + count, 0));
      }),
    );
  });
});

describe('a hostile bus', () => {
  const level = fc.constantFrom('a', 'b', '$c', '');
  const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
  const filter = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', '$c', '', '+'), { maxLength: 4 }), fc.boolean())
    .map(([levels, all]) => (all || levels.length === 0 ? [...levels, '#'] : levels).join('/'));

  it('finds retained messages as the naive comparison does, whatever came and went', () => {
    const change = fc.tuple(topic, fc.boolean());
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), filter, (changes, wanted) => {
        const bus = makeBus();
        const model = new Set<string>();
        for (const [at, isKept] of changes) {
          bus.publish({ topic: at, payload: isKept ? 'x' : '', retain: true, origin: 'x' });
          if (isKept) model.add(at);
          else model.delete(at);
        }
        const found = [...bus.retained(wanted)].map((message) => message.topic).sort();
        expect(found).toEqual([...model].filter((at) => matches(wanted, at)).sort());
        expect(bus.counts.retained).toBe(model.size);
      }),
    );
  });

  it('gives the event loop a turn after so many deliveries, not only after so many messages', async () => {
    const bus = new Bus(fail, { turnDeliveries: 100 });
    let heard = 0;
    for (let listener = 0; listener < 60; listener += 1) bus.subscribe('storm', () => (heard += 1), me);
    bus.subscribe(
      'start',
      () => {
        for (let count = 0; count < 10; count += 1) bus.publish({ topic: 'storm', payload: 'x', origin: 'x' });
      },
      me,
    );
    bus.publish({ topic: 'start', payload: 'x', origin: 'x' });
    expect(heard).toBe(120);
    while (bus.counts.queued > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toBe(600);
  });

  it('has room for so many retained messages of guests, in number and in bytes', () => {
    const bus = new Bus(fail, { retained: 2, retainedBytes: 2_000 });
    const kept = (at: string, payload: string) => ({ topic: at, payload, retain: true, qos: 0 as const, origin: 'x' });
    expect(bus.hasRoomFor(kept('a', 'x'.repeat(2_000)))).toBe(false);
    bus.put(kept('a', 'x'.repeat(1_000)));
    expect(bus.hasRoomFor(kept('b', 'x'.repeat(1_000)))).toBe(false);
    expect(bus.hasRoomFor(kept('b', 'x'))).toBe(true);
    bus.put(kept('b', 'x'));
    expect(bus.hasRoomFor(kept('c', 'x'))).toBe(false);
    expect(bus.hasRoomFor(kept('a', 'x'.repeat(999)))).toBe(true);
    expect(bus.hasRoomFor(kept('c', ''))).toBe(true);
    expect(bus.hasRoomFor({ ...kept('c', 'x'.repeat(9_000)), retain: false })).toBe(true);
    bus.put(kept('a', ''));
    expect(bus.hasRoomFor(kept('c', 'x'.repeat(1_000)))).toBe(true);
  });
});
