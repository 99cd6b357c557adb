import { expect, it } from 'vitest';
import { RunnerStore } from '../../src/rule-runner/runner-store.ts';
import type { Document } from '../../src/state/document.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

interface Rule {
  cooldownUntil?: number;
  today?: number;
}

function store() {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const writes: { at: number; value: unknown }[] = [];
  const state: { rule: Rule; padding: string; bytes: number } = { rule: {}, padding: '', bytes: 0 };
  let value: unknown;
  const document: Document<unknown> = {
    get value() {
      return value;
    },
    writable: true,
    get written() {
      return { times: writes.length, bytes: state.bytes };
    },
    set(next) {
      value = next;
    },
    async flush() {
      const text = JSON.stringify(value);
      state.bytes += text.length;
      writes.push({ at: clock.mono(), value: JSON.parse(text) });
    },
    async close() {
      await this.flush();
    },
  };
  const made = new RunnerStore({
    ...{ document, clock, log },
    gather: () => ({
      engine: { rules: [{ ...state.rule }], padding: state.padding },
      variables: {},
      devices: new Map(),
    }),
  });
  return { clock, store: made, writes, state, lines, document };
}

it('a deadline is on the disk within two seconds, many changes are one write', async () => {
  const { clock, store: it1, writes, state } = store();
  for (let count = 0; count < 50; count += 1) {
    state.rule.cooldownUntil = clock.now() + 3_600_000;
    it1.changed();
    await clock.advance(20);
  }
  await clock.advance(1_000);
  expect(writes.length).toBeLessThanOrEqual(2);
  expect(writes[0]?.at).toBeLessThanOrEqual(1_000);
  expect(writes.at(-1)?.value).toMatchObject({ engine: { rules: [state.rule] } });
});

it('what people read waits a minute, and a deadline after it does not', async () => {
  const { clock, store: it1, writes, state } = store();
  it1.changed();
  await clock.advance(2_000);
  expect(writes).toHaveLength(1);
  state.rule.today = 1;
  it1.changed();
  await clock.advance(2_000);
  expect(writes).toHaveLength(1);
  state.rule.cooldownUntil = clock.now() + 3_600_000;
  it1.changed();
  await clock.advance(1_500);
  expect(writes).toHaveLength(2);
  state.rule.today = 2;
  it1.changed();
  await clock.advance(61_000);
  expect(writes).toHaveLength(3);
  expect(clock.pending).toBe(0);
});

it('a deadline that is over in a moment is not worth a write', async () => {
  const { clock, store: it1, writes, state } = store();
  it1.changed();
  await clock.advance(2_000);
  state.rule.cooldownUntil = clock.now() + 5_000;
  it1.changed();
  await clock.advance(2_000);
  expect(writes).toHaveLength(1);
});

it('spares the flash: above its budget it writes each half minute, and says so once', async () => {
  const { clock, store: it1, writes, state, lines } = store();
  state.padding = 'x'.repeat(1_000_000);
  const churn = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      state.rule.cooldownUntil = clock.now() + 3_600_000;
      it1.changed();
      await clock.advance(1_000);
    }
  };
  await churn(20);
  const { length } = writes;
  expect(length).toBeLessThan(12);
  await churn(120);
  expect(writes.length - length).toBeLessThanOrEqual(5);
  expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

it('the stop writes the last word', async () => {
  const { store: it1, writes, state, clock, document } = store();
  it1.changed();
  state.rule.today = 7;
  await it1.stop();
  expect(writes.at(-1)?.value).toMatchObject({ engine: { rules: [{ today: 7 }] } });
  expect(clock.pending).toBe(0);
  expect(RunnerStore.read(document).engine).toMatchObject({ rules: [{ today: 7 }] });
});
