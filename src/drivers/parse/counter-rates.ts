import type { FilesPort } from '../ports/ports.ts';
import { numberIn } from './attribute.ts';

/** Seconds since boot from /proc/uptime, which a suspended or set clock does not disturb; undefined when nonsense. */
export async function uptimeSeconds(files: FilesPort, signal?: AbortSignal): Promise<number | undefined> {
  const seconds = numberIn((await files.text('/proc/uptime', signal)).split(' ')[0]);
  return seconds !== undefined && seconds >= 0 ? seconds : undefined;
}

type Counters<Name extends string> = { readonly [K in Name]?: number | undefined };

/**
 * Remembers counters and answers their growth per second since the call before. A counter that is new, missing or
 * went back (a wrap, a reset, another device in the same place) has no rate this time: never a negative one.
 */
export function makeCounterRates<Name extends string>(): (
  seconds: number | undefined,
  counters: Counters<Name>,
) => { [K in Name]?: number } {
  let before: { readonly seconds: number; readonly counters: Counters<Name> } | undefined;
  return (seconds, counters) => {
    const last = before;
    before = seconds === undefined ? undefined : { seconds, counters };
    return last === undefined || seconds === undefined || seconds <= last.seconds
      ? {}
      : growth(last.counters, counters, seconds - last.seconds);
  };
}

/** B/s in kB/s. */
export function kilo(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1_000;
}

function growth<Name extends string>(from: Counters<Name>, to: Counters<Name>, seconds: number) {
  const rates: { [K in Name]?: number } = {};
  for (const name in to) {
    const grown = (to[name] ?? Number.NaN) - (from[name] ?? Number.NaN);
    if (grown >= 0) rates[name] = grown / seconds;
  }
  return rates;
}
