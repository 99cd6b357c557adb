import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TraceRecord } from '../../src/rules/trace-record.ts';
import { TraceRing } from '../../src/rules/trace-ring.ts';
import { FINAL_STATES } from '../../src/schemes/command.ts';
import type { Value } from '../../src/schemes/reading.ts';
import { NOON, rule, set } from './world.ts';

const OWN = rule('act', {
  then: [set('a.x.s', 1), set('a.y.s', 2)],
  else: [set('a.x.s', 0)],
  reads: ['a.t.v', 'a.l.s'],
});

const steps = (part: 'else' | 'then') =>
  fc
    .array(
      fc.record(
        {
          at: fc.integer({ min: NOON + 1_000, max: NOON + 20_000_000 }),
          state: fc.constantFrom('running' as const, 'accepted' as const, ...FINAL_STATES),
          ms: fc.integer({ min: 0, max: 20_000_000 }),
          why: fc.constant('a reason'),
        },
        { requiredKeys: ['at', 'state'] },
      ),
      { maxLength: OWN[part].length },
    )
    .map((list) => list.map((one, index) => ({ ...one, text: OWN[part][index]?.text ?? '' })));

const VALUES = fc.constantFrom<Value | null>(null, 21.5, 0, true, 'on');

const records: fc.Arbitrary<TraceRecord> = fc.record({
  at: fc.integer({ min: NOON, max: NOON + 1_000 }),
  result: fc.constant('acted' as const),
  cause: fc.constantFrom('t > 5', 'a person'),
  values: fc.tuple(VALUES, VALUES),
  steps: fc.oneof(steps('then'), steps('else')),
  fingerprint: fc.constantFrom(OWN.fingerprint, 'older'),
});

test('what fits is told as it was, and what does not fit is refused', () => {
  fc.assert(
    fc.property(fc.array(records, { maxLength: 60 }), (list) => {
      const ring = new TraceRing(OWN, 20);
      const taken = list.filter((record) => ring.put(structuredClone(record)));
      expect(ring.records()).toEqual(taken.slice(-20));
      expect(ring.lastAt).toBe(taken.at(-1)?.at);
      for (const { steps: own, fingerprint } of list.filter((record) => !taken.includes(record))) {
        const isPlain = own.every(
          ({ why, at, ms = 0 }) => why === undefined && at < NOON + 2 ** 24 && ms < 2 ** 24 - 1,
        );
        expect(fingerprint === OWN.fingerprint && isPlain).toBe(false);
      }
    }),
  );
});
