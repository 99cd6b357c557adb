/** A deadline nearer than this is over before it matters on the disk; ms. */
const NEAR_MS = 10_000;

/** What a restart may lose: for people to read, or known again at the first reading. */
const DULL: ReadonlySet<string> = new Set([
  'day',
  'known',
  'lastFailure',
  'lastRun',
  'record',
  'through',
  'today',
  'trace',
  'traces',
  'wall',
]);
const DEADLINES: ReadonlySet<string> = new Set(['cooldownUntil', 'until']);

/**
 * The part of a snapshot that must be on the disk soon, as text to compare: deadlines, running lists, paused rules, what
 * was fired. The rest may wait.
 */
export function urgentPart(snapshot: unknown, wallMs: number): string {
  return (
    JSON.stringify(snapshot, (key, value: unknown) => {
      if (DULL.has(key)) return undefined;
      return DEADLINES.has(key) && typeof value === 'number' && value < wallMs + NEAR_MS ? undefined : value;
    }) ?? ''
  );
}
