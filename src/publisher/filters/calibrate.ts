import { countArg, inUnit, pairsArg, wordArg } from './args.ts';
import { eachNumber, type FilterWorld, type MakeFilter } from './filter.ts';
import { makePath, makePolynomial, type Point } from './fit.ts';

/** Both sides in the unit of the point. */
function pointsOf(args: Parameters<MakeFilter>[0], { unit }: FilterWorld): Point[] {
  return pairsArg(args).map(([from, to]) => [inUnit(from, unit), inUnit(to, unit)]);
}

export const calibrate: MakeFilter = (args, world) => {
  const points = pointsOf(args, world);
  const method = wordArg(args, 'method', 'linear');
  if (method === 'exact') return eachNumber(world, makePath(points));
  return eachNumber(world, makePolynomial(points, method === 'polynomial' ? countArg(args, 'degree') : 1));
};

/** The second of a pair is in a unit of its own, which the point names. */
export const scale: MakeFilter = (args, world) => {
  const line = makePath(pairsArg(args).map(([from, to]) => [inUnit(from, world.unit), to.value]));
  return eachNumber(world, line);
};
