import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from '../../src/kit/backoff.ts';
import { BoundedQueue } from '../../src/kit/bounded-queue.ts';
import { sleep } from '../../src/kit/clock.ts';
import { withDeadline } from '../../src/kit/deadline.ts';
import { HanbusError, reasonOf, systemCode, Unavailable } from '../../src/kit/errors.ts';
import { fieldsText, makeHumanWriter, makeJsonWriter } from '../../src/kit/log-output.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

describe('backoff', () => {
  it('doubles from the first wait to the last, within half and whole', () => {
    expect([1, 2, 3, 7, 1_000].map((failures) => backoff(failures, () => 1))).toEqual([
      1_000, 2_000, 4_000, 60_000, 60_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          const wait = backoff(failures, () => random);
          expect(wait).toBeGreaterThanOrEqual(500);
          expect(wait).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});

describe('BoundedQueue', () => {
  it('is a list cut at its limit, for any pushing and shifting', () => {
    const steps = fc.array(fc.option(fc.integer(), { nil: undefined }), { maxLength: 60 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('drop-oldest', 'refuse'),
        (actions, limit, whenFull) => {
          const queue = new BoundedQueue<number>(limit, whenFull);
          const model: number[] = [];
          for (const action of actions) {
            if (action === undefined) {
              expect(queue.shift()).toBe(model.shift());
            } else if (model.length < limit || whenFull === 'drop-oldest') {
              expect(queue.push(action)).toBe(true);
              model.push(action);
              if (model.length > limit) model.shift();
            } else {
              expect(queue.push(action)).toBe(false);
            }
            expect(queue.size).toBe(model.length);
          }
        },
      ),
    );
  });
});

describe('withDeadline', () => {
  it('gives the result in time and throws Unavailable after it, with the signal aborted', async () => {
    const clock = makeFakeClock();
    await expect(withDeadline(clock, 100, async () => 5)).resolves.toBe(5);
    let signal: AbortSignal | undefined;
    const late = withDeadline(clock, 100, (given) => {
      signal = given;
      return new Promise(() => undefined);
    });
    const outcome = expect(late).rejects.toThrow(Unavailable);
    await clock.advance(100);
    await outcome;
    expect(signal?.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });
});

describe('sleep', () => {
  it('ends at its time or when aborted, and leaves no timer', async () => {
    const clock = makeFakeClock();
    const stop = new AbortController();
    const slept = sleep(clock, 1_000, stop.signal);
    stop.abort();
    await slept;
    const whole = sleep(clock, 1_000);
    await clock.advance(1_000);
    await whole;
    expect(clock.pending).toBe(0);
  });
});

describe('errors', () => {
  it('carry code, fix and cause', () => {
    const cause = new Error('inner');
    const error = new HanbusError('HB120', 'taken', { fix: 'use another', cause });
    expect(error).toMatchObject({ code: 'HB120', fix: 'use another', cause, message: 'taken' });
    expect(reasonOf('text')).toBe('text');
    expect(systemCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(systemCode('x')).toBeUndefined();
  });
});

describe('log', () => {
  it('adds the fields of its parents and obeys the level', () => {
    const { log, lines } = makeFakeLog();
    log.child({ device: 'air' }).warn('late', { ms: 5 });
    expect(lines).toEqual([{ time: 0, level: 'warn', text: 'late', fields: { device: 'air', ms: 5 } }]);
  });

  it('writes for people and for machines', async () => {
    const out: string[] = [];
    const line = {
      time: 0,
      level: 'warn' as const,
      text: 'late',
      fields: { device: 'air', why: 'no answer', nothing: undefined },
    };
    makeHumanWriter((text) => out.push(text), { ascii: true })(line);
    expect(out[0]).toMatch(/^\d\d:\d\d:\d\d ! late {2}device=air {2}why="no answer"\n$/);
    (await makeJsonWriter((text) => out.push(text)))(line);
    expect(JSON.parse(out[1] ?? '')).toMatchObject({ text: 'late', device: 'air', why: 'no answer' });
    expect(fieldsText({})).toBe('');
  });
});
