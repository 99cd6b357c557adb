import type { InputDriver, OpenInput } from '../drivers/driver.ts';
import { OptionsError, Unavailable } from '../kit/errors.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import type { Value } from '../schemes/reading.ts';
import type { RunnerWorld } from './runner-world.ts';

export interface Opened {
  readonly driver: InputDriver;
  readonly input: OpenInput<string>;
}

export interface OpenSignals {
  /** Ends the opening. */
  readonly signal: AbortSignal;
  /** Aborts when the device is closed, later. */
  readonly closed: AbortSignal;
  readonly initial: Readonly<Record<string, Value>>;
}

/** Loads the driver of a plan, decodes its options and opens it. Throws OptionsError when that can never work. */
export async function openDriver(plan: DevicePlan, world: RunnerWorld, signals: OpenSignals): Promise<Opened> {
  const { clock, ports, log } = world;
  const driver = await world.driverOf(plan.kind);
  if (driver === undefined) throw new OptionsError(`there is no driver "${plan.kind}"`, { fix: 'hanbus scan' });
  const { options, problems } = world.decodeOptions(driver.options, plan.options);
  const [problem] = problems.filter(({ severity = 'error' }) => severity === 'error');
  if (problem !== undefined) {
    const fix = problem.fix ?? problem.suggestion;
    throw new OptionsError(problem.message, fix === undefined ? {} : { fix });
  }
  const both = new AbortController();
  for (const signal of [signals.signal, signals.closed])
    signal.addEventListener('abort', () => both.abort(signal.reason), { once: true });
  // The one cast of the folder: these options have passed the fields of this very driver.
  const input = await driver.open(options as never, {
    ports,
    signal: both.signal,
    log,
    clock,
    initial: signals.initial,
  });
  if (!signals.signal.aborted) return { driver, input };
  await input.close();
  throw new Unavailable('opening took too long', { code: 'HB143' });
}
