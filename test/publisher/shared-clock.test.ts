import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SharedClock } from '../../src/publisher/shared-clock.ts';
import { makeFakeClock } from '../fakes/clock.ts';

const noError = (error: unknown) => expect.unreachable(String(error));

test('runs the same tasks at the same times in the same order as the clock itself', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('after' as const), ms: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(40) }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 30 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const [plain, under] = [makeFakeClock(), makeFakeClock()];
      const shared = new SharedClock(under, noError);
      const ran: [string[], string[]] = [[], []];
      const cancels: (() => void)[][] = [[], []];
      for (const [index, clock] of [plain, shared].entries()) {
        let count = 0;
        for (const one of steps) {
          if (one.kind === 'cancel') cancels[index]?.[one.which]?.();
          if (one.kind === 'advance') await (index === 0 ? plain : under).advance(one.ms);
          if (one.kind !== 'after') continue;
          const id = count++;
          cancels[index]?.push(clock.after(one.ms, () => void ran[index]?.push(`${id}@${clock.mono()}`)));
        }
        await (index === 0 ? plain : under).advance(100);
      }
      expect(ran[1]).toEqual(ran[0]);
      expect(shared.pending).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('a thousand tasks need one timer; a cancelled one is forgotten', () => {
  const under = makeFakeClock();
  const clock = new SharedClock(under, noError);
  const cancels = Array.from({ length: 1_000 }, (_, index) => clock.after(1_000 - index, () => undefined));
  expect([clock.pending, under.pending]).toEqual([1_000, 1]);
  for (const cancel of cancels) cancel();
  for (const cancel of cancels) cancel();
  expect(clock.pending).toBe(0);
});

test('a task that throws does not stop the others', async () => {
  const under = makeFakeClock();
  const errors: unknown[] = [];
  const clock = new SharedClock(under, (error) => void errors.push(error));
  const ran: number[] = [];
  clock.after(10, () => {
    throw new Error('bug');
  });
  clock.after(10, () => void ran.push(1));
  clock.after(20, () => void ran.push(2));
  await under.advance(30);
  expect([ran, errors.length]).toEqual([[1, 2], 1]);
});

test('after the stop nothing runs', async () => {
  const under = makeFakeClock();
  const clock = new SharedClock(under, noError);
  clock.after(10, () => expect.unreachable());
  clock.stop();
  await under.advance(100);
  expect(under.pending).toBe(0);
});
