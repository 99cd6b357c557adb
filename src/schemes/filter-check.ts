import type { Amount, FilterArg, FilterStep } from './filter.ts';
import { FILTERS } from './filter-catalog.ts';
import { unitPerTime, unitTimesHour } from './filter-unit.ts';
import type { PathProblem } from './path-problem.ts';
import type { PointType } from './point.ts';
import { dimensionOf, makeConverter } from './units.ts';
import type { Fault } from './units-time.ts';

/** What the values are that come into a chain. */
export interface FilterSource {
  readonly type: PointType;
  readonly unit?: string;
}

/** The unit of the values behind a step; undefined when it has none or nobody can say. */
export function unitAfter({ name, args }: FilterStep, unit: string | undefined): string | undefined {
  if (unit === undefined || name === 'map' || name === 'scale') return undefined;
  const { of, per } = args;
  if (name === 'rate' && per?.kind === 'time') return unitPerTime(unit, per.ms);
  const integrates = name === 'total' && of?.kind === 'word' && of.word === 'hours';
  return integrates ? unitTimesHour(unit) : unit;
}

/** The amounts of an argument that are in the unit of the value. */
function amountsOf(name: string, arg: FilterArg): readonly Amount[] {
  switch (arg.kind) {
    case 'amount':
      return [arg];
    case 'range':
      return [arg.low, arg.high].filter((side) => side !== undefined);
    case 'pairs':
      return arg.pairs.flatMap(([from, to]) => (name === 'scale' ? [from] : [from, to]));
    case 'values':
      return arg.values.filter((value) => typeof value === 'object');
    case 'count':
    case 'number':
    case 'percent':
    case 'time':
    case 'word':
    case 'words':
      return [];
  }
}

function unitFault({ name, args, text }: FilterStep, unit: string | undefined): Fault | undefined {
  for (const { unit: from } of Object.values(args).flatMap((arg) => amountsOf(name, arg))) {
    if (from === undefined || (unit !== undefined && makeConverter(from, unit) !== undefined)) continue;
    const here = unit === undefined ? 'the values here have no unit' : `the values here are in ${unit}`;
    const fix = text.replaceAll(from, unit ?? '');
    return { code: 'HB211', message: `${text}: ${from} is ${dimensionOf(from) ?? 'unknown'}; ${here}`, fix };
  }
  return undefined;
}

/** Only a map can make a number of a word, or a word of a number. */
function typeAfter(step: FilterStep, type: PointType): PointType | undefined {
  return step.name === 'map' ? undefined : type;
}

function typeFault({ name }: FilterStep, type: PointType | undefined): Fault | undefined {
  const works = FILTERS[name]?.works ?? 'any';
  if (works === 'any' || type === undefined || type === works) return undefined;
  return {
    code: 'HB246',
    message: `${name} works on ${works === 'number' ? 'numbers' : 'on/off'} only, and this point is ${type}`,
    suggestion: 'take it out of the chain, or put a map before it',
  };
}

/** Whether a chain fits its point: types and dimensions, step by step. Paths are the places in the chain. */
export function checkFilters(steps: readonly FilterStep[], source: FilterSource): readonly PathProblem[] {
  const problems: PathProblem[] = [];
  let { unit } = source;
  let type: PointType | undefined = source.type;
  for (const [index, step] of steps.entries()) {
    const fault = typeFault(step, type) ?? unitFault(step, unit);
    if (fault !== undefined) problems.push({ path: [index], ...fault });
    unit = unitAfter(step, unit);
    type = type === undefined ? undefined : typeAfter(step, type);
  }
  return problems;
}
