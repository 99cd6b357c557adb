import type { OpenInput } from '../drivers/driver.ts';
import { HanbusError, OptionsError, reasonOf } from '../kit/errors.ts';
import type { WriteResult } from '../schemes/command.ts';
import type { RunnerHost } from './runner-world.ts';
import type { Work } from './work.ts';
import { type Order, unfinished } from './write-orders.ts';

const WRITE_MS = 5_000;

export interface WriteTools {
  readonly host: RunnerHost;
  readonly work: Work;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** How a write went for the device: `well`, or the wait before another try, as of any piece of work. */
type Went = 'well' | number | undefined;

/**
 * Writes one value and answers its order. The new state is published after the hardware took it and before the answer.
 * A value that the driver refuses says nothing about the health of the device; everything else does.
 */
export async function carryOut(
  { key, order, answer }: Order,
  input: OpenInput<string>,
  { host, work, now }: WriteTools,
): Promise<Went> {
  let caught: unknown;
  let isRefused = false;
  const step = await work.do('the command', Math.min(WRITE_MS, order.deadline - now()), async (signal) => {
    try {
      return (await input.write?.({ point: key, value: order.value }, signal)) ?? { [key]: order.value };
    } catch (error) {
      caught = error;
      isRefused = error instanceof OptionsError;
      if (!isRefused) throw error;
      return {};
    }
  });
  if (isRefused) {
    answer(failure('refused', caught));
    return 'well';
  }
  if ('waitMs' in step) {
    answer(caught === undefined ? unfinished() : failure('failed', caught));
    return step.waitMs;
  }
  host.onWritten(key, order.value, step.value);
  answer({ done: true, value: order.value });
  return 'well';
}

function failure(how: 'failed' | 'refused', error: unknown): WriteResult {
  const code = error instanceof HanbusError ? error.code : 'HB145';
  return { done: false, how, code, why: reasonOf(error) };
}

/** The point or its device takes no commands. */
export function notWritable(what: string): WriteResult {
  return { done: false, how: 'refused', code: 'HB149', why: `${what} takes no commands` };
}
