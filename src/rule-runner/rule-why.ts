import type { Explanation, Trace } from '../rules/engine-world.ts';
import type { ExplanationAnswer } from '../schemes/why-contracts.ts';

/** What the engine explains, in the form of the contract. */
export function explanationAnswer({ when, tests, last, traces, ...rest }: Explanation): ExplanationAnswer {
  return {
    ...rest,
    when: [...when],
    tests: tests.map((test) => ({ ...test, now: { ...test.now } })),
    ...(last === undefined ? {} : { last: traceAnswer(last) }),
    traces: traces.map(traceAnswer),
  };
}

function traceAnswer({ values, steps, ...rest }: Trace): ExplanationAnswer['traces'][number] {
  return { ...rest, values: { ...values }, steps: steps.map((step) => ({ ...step })) };
}

/** A rule that cannot run yet. */
export function waitingAnswer(rule: string, missing: readonly string[]): ExplanationAnswer {
  const next = `runs when ${missing.join(', ')} has been seen`;
  return { rule, state: 'waiting', when: [], today: 0, missing: [...missing], tests: [], next, traces: [] };
}
