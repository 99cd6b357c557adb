import type { Path } from './path-problem.ts';

/** A path as one text, for maps. */
export function keyOf(path: Path): string {
  return path.join('\u0000');
}
