import type { Clock } from '../kit/clock.ts';
import type { Fields, Log } from '../kit/log.ts';

/** Says in the log what a client did wrong. */
export type Complain = (text: string, fields: Fields) => void;

const PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/** At most 20 lines a minute, whatever clients do; the next line says how many were left out. */
export function makeComplain(log: Log, clock: Clock): Complain {
  let since = clock.mono();
  let said = 0;
  let leftOut = 0;
  return (text, fields) => {
    if (clock.mono() - since >= MINUTE_MS) {
      since = clock.mono();
      said = 0;
    }
    if (said >= PER_MINUTE) {
      leftOut += 1;
      return;
    }
    said += 1;
    log.warn(text, leftOut === 0 ? fields : { ...fields, leftOut });
    leftOut = 0;
  };
}
