const two = (part: number) => String(part).padStart(2, '0');
const DAY_MS = 86_400_000;

/** `2026-11-22T10:42:07.123+01:00`: local time that every spreadsheet and program understands. */
export function isoLocal(time: number): string {
  const at = new Date(time);
  const ahead = -at.getTimezoneOffset();
  const offset = `${ahead < 0 ? '-' : '+'}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  const clock = `${clockText(at)}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return `${dateText(at)}T${clock}${offset}`;
}

/** As short as the span allows: `10:42:07` within an hour, `10:42` within a day, `11-22 10:42` within more. */
export function shortTime(time: number, spanMs: number): string {
  const at = new Date(time);
  if (spanMs <= DAY_MS / 24) return `${clockText(at)}:${two(at.getSeconds())}`;
  if (spanMs <= DAY_MS) return clockText(at);
  return `${dateText(at).slice(5)} ${clockText(at)}`;
}

/** `2026-11-22 10:42`. */
export function longTime(time: number): string {
  const at = new Date(time);
  return `${dateText(at)} ${clockText(at)}`;
}

function dateText(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function clockText(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

const PARTS: readonly (readonly [number, string])[] = [
  [DAY_MS, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A length of time in its two largest units: `3 h 20 min`. */
export function lengthText(ms: number): string {
  const first = PARTS.findIndex(([size]) => ms >= size);
  const [large, small] = [PARTS[first], PARTS[first + 1]];
  if (large === undefined) return `${Math.round(ms)} ms`;
  const count = Math.floor(ms / large[0]);
  const rest = small === undefined ? 0 : Math.floor((ms - count * large[0]) / small[0]);
  return `${count} ${large[1]}${rest === 0 ? '' : ` ${rest} ${small?.[1]}`}`;
}
