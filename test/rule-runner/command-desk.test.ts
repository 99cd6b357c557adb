import { expect, it } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { CommandDesk } from '../../src/rule-runner/command-desk.ts';
import type { Outcome } from '../../src/rules/engine-world.ts';
import type { PointSpec } from '../../src/schemes/point.ts';
import { makeFakeClock } from '../fakes/clock.ts';

const TARGET = 'kitchen.pump.state';
const TOPIC = 'hanbus/kitchen/pump/state';
const ORDER = { kind: 'command', rule: 'water', target: TARGET, value: true } as const;

function desk(most?: number, spec?: PointSpec) {
  const bus = new Bus((error) => {
    throw error;
  });
  const clock = makeFakeClock();
  const outcomes: Outcome[] = [];
  const commands: unknown[] = [];
  const { subscriptions } = bus.counts;
  const made = new CommandDesk({
    ...{ bus, clock, tell: (outcome: Outcome) => void outcomes.push(outcome), specOf: () => spec },
    ...(most === undefined ? {} : { most }),
  });
  bus.subscribe(
    `${TOPIC}/$cmd`,
    (message) => void commands.push({ ...parsed(textOf(message)), retain: message.retain }),
    {
      origin: 'mediator',
    },
  );
  const ack = (text: string) => void bus.publish({ topic: `${TOPIC}/$ack`, payload: text, origin: 'mediator' });
  return { bus, clock, desk: made, outcomes, commands, ack, subscriptions };
}

function parsed(text: string): object {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? value : {};
}

it('sends a command as JSON, never retained, and tells its outcome once', () => {
  const { desk: it1, commands, outcomes, ack } = desk();
  expect(it1.send({ ...ORDER, id: 'a', ttlMs: 9_000, forMs: 20_000, mode: 'set' })).toBeUndefined();
  expect(commands).toEqual([
    { id: 'a', v: true, ttl: 9_000, mode: 'set', by: 'rule:water', for: 20_000, retain: false },
  ]);
  ack('{"id":"a","st":"accepted"}');
  ack('{"id":"b","st":"done"}');
  ack('no json');
  ack('{"id":"a","st":"exploded"}');
  expect(outcomes).toEqual([]);
  ack('{"id":"a","st":"rejected","why":"max_on"}');
  ack('{"id":"a","st":"done"}');
  expect(outcomes).toEqual([{ id: 'a', state: 'rejected', why: 'max_on' }]);
  expect(it1.pending).toBe(0);
});

it('nobody there: expired at once; nobody who answers: expired after its time and two seconds', async () => {
  const { desk: it1, outcomes, clock } = desk();
  expect(it1.send({ ...ORDER, id: 'a', target: 'kitchen.fan.state' })).toMatchObject({ state: 'expired' });
  it1.send({ ...ORDER, id: 'b', ttlMs: 1_000 });
  await clock.advance(2_900);
  expect(outcomes).toEqual([]);
  await clock.advance(200);
  expect(outcomes).toEqual([{ id: 'b', state: 'expired', why: expect.stringContaining('1000 ms') }]);
});

it('taken and then silence is unknown', async () => {
  const { desk: it1, outcomes, clock, ack } = desk();
  it1.send({ ...ORDER, id: 'a', ttlMs: 1_000 });
  ack('{"id":"a","st":"running"}');
  await clock.advance(3_100);
  expect(outcomes).toMatchObject([{ id: 'a', state: 'unknown' }]);
});

it.each<[PointSpec | undefined, number]>([
  [undefined, 32_000],
  [{ type: 'boolean', once: true }, 7_000],
])('without a time of its own it waits as long as %j allows', async (spec, ms) => {
  const { desk: it1, outcomes, clock } = desk(undefined, spec);
  it1.send({ ...ORDER, id: 'a' });
  await clock.advance(ms - 10);
  expect(outcomes).toEqual([]);
  await clock.advance(20);
  expect(outcomes).toHaveLength(1);
});

it('is bounded: the oldest of too many becomes unknown', () => {
  const { desk: it1, outcomes, ack } = desk(3);
  for (const id of ['a', 'b', 'c', 'd', 'e']) it1.send({ ...ORDER, id });
  expect(it1.pending).toBe(3);
  expect(outcomes.map(({ id, state }) => `${id} ${state}`)).toEqual(['a unknown', 'b unknown']);
  ack('{"id":"a","st":"done"}');
  expect(outcomes).toHaveLength(2);
});

it('hears no more of what no rule writes, and nothing after the stop', async () => {
  const { desk: it1, outcomes, bus, clock, ack, subscriptions } = desk();
  it1.send({ ...ORDER, id: 'a' });
  it1.keepOnly(new Set());
  ack('{"id":"a","st":"done"}');
  expect(outcomes).toHaveLength(1);
  it1.keepOnly(new Set());
  expect(bus.counts.subscriptions).toBe(subscriptions + 1);
  it1.send({ ...ORDER, id: 'b' });
  it1.stop();
  await clock.advance(60_000);
  expect(outcomes).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
