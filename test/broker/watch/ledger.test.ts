import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeDrops } from '../../../src/broker/counts.ts';
import { type Act, LedgerWorld, type Step } from './ledger-world.ts';

/** How often each happens. */
const WEIGHTS: Readonly<Record<Act, number>> = {
  ...{ connect: 6, subscribe: 6, say: 6, flood: 4, answer: 4, wait: 2, freeze: 3 },
  ...{ again: 1, dash: 2, break: 2, bye: 1, forbidden: 1, garbage: 1, kick: 1, thaw: 1, unsubscribe: 1 },
};

const acts = (Object.keys(WEIGHTS) as Act[]).map((act) => ({ weight: WEIGHTS[act], arbitrary: fc.constant(act) }));

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    act: fc.oneof(...acts),
    seat: fc.nat({ max: 3 }),
    version: fc.constantFrom(4, 5),
    span: fc.constantFrom('clean', 'short', 'long'),
    topic: fc.nat({ max: 6 }),
    qos: fc.constantFrom(0, 1, 2),
    size: fc.nat({ max: 2 }),
    count: fc.nat({ max: 8 }),
    isSpecial: fc.boolean(),
  }),
  { minLength: 40, maxLength: 60, size: 'max' },
);

const START = { version: 5, span: 'long', topic: 1, qos: 1, size: 0, count: 0, isSpecial: false } as const;

/** Two clients are there to begin with, each with two filters that overlap. */
const OPENING: readonly Step[] = [0, 1].flatMap((seat): Step[] => [
  { ...START, seat, act: 'connect' },
  { ...START, seat, act: 'subscribe' },
  { ...START, seat, act: 'subscribe', topic: 0, qos: 0 },
]);

it('the ledger adds up after each step, whatever happens to messages', async () => {
  const ends: Record<string, number> = { ...makeDrops(), repeated: 0, wills: 0, delivered: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (day) => {
      const place = new LedgerWorld();
      const { broker } = place.world;
      for (const step of [...OPENING, ...day]) {
        await place.play(step);
        expect(broker.ledger()).toMatchObject({ isEven: true });
      }
      await place.stop();
      const { counts } = broker;
      expect(broker.ledger()).toMatchObject({ isEven: true, went: { waiting: 0 } });
      expect(counts.waitingBytes).toBe(0);
      const totals: Record<string, unknown> = { ...counts, ...counts.dropped };
      for (const end of Object.keys(ends)) ends[end] = (ends[end] ?? 0) + Number(totals[end]);
    }),
    { seed: 4_290, numRuns: 60 },
  );
  // Those days were full: each way to end was taken.
  expect(Object.entries(ends).filter(([, count]) => count === 0)).toEqual([]);
});
