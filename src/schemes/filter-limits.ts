import type { FilterStep } from './filter.ts';
import type { Fault } from './units-time.ts';

type Args = FilterStep['args'];

function calibrate({ method, degree, pairs }: Args): Fault | undefined {
  const polynomial = method?.kind === 'word' && method.word === 'polynomial';
  if (degree === undefined) {
    const missing: Fault = {
      code: 'HB244',
      message: 'calibrate polynomial needs a degree',
    };
    return polynomial ? missing : undefined;
  }
  if (!polynomial) return { code: 'HB244', message: 'only calibrate polynomial takes a degree' };
  const count = pairs?.kind === 'pairs' ? pairs.pairs.length : 0;
  if (degree.kind !== 'count' || count > degree.value) return undefined;
  return {
    code: 'HB244',
    message: `a polynomial of degree ${degree.value} needs ${degree.value + 1} pairs, here are ${count}`,
  };
}

function scale({ pairs }: Args): Fault | undefined {
  const count = pairs?.kind === 'pairs' ? pairs.pairs.length : 0;
  return count === 2 ? undefined : { code: 'HB244', message: `scale needs two pairs, here are ${count}` };
}

function roundTo({ step }: Args): Fault | undefined {
  const right = step?.kind === 'amount' && step.value > 0;
  return right ? undefined : { code: 'HB245', message: 'the step of round_to must be above 0', suggestion: '0.5' };
}

function timeout({ value }: Args): Fault | undefined {
  const many = value?.kind === 'values' && value.values.length > 1;
  return many ? { code: 'HB244', message: 'timeout gives one value' } : undefined;
}

const CHECKS: Readonly<Record<string, (args: Args) => Fault | undefined>> = {
  calibrate,
  round_to: roundTo,
  scale,
  timeout,
};

/** What the catalogue cannot say: rules between the arguments of one step. */
export function checkStep(name: string, args: Args): Fault | undefined {
  return CHECKS[name]?.(args);
}
