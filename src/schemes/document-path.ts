import type { Path } from './path-problem.ts';

/** A path as one text, for maps. */
export function keyOf(path: Path): string {
  return path.join('\u0000');
}

/** A path as people write it: `devices.soil.points`, `include[1]`. */
export function dotted(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}
