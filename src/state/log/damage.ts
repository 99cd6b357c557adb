import type { Log } from '../../kit/log.ts';

/** A part of a log that cannot be read as it was written. */
export function tellDamage(log: Log, path: string, what: { readonly reason: string; readonly kept: string }): void {
  const fix = 'nothing to do; what can be read is used. If it comes again, change the card or disk';
  log.warn('a part of the store is damaged', { code: 'HB128', path, ...what, fix });
}
