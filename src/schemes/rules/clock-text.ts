import type { Fault } from '../units-time.ts';

const PATTERN = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** `07:30` or `07:30:15` in ms after midnight; undefined when no day has this time. */
export function clockMs(text: string): number | undefined {
  const [whole, hours, minutes, seconds = '0'] = PATTERN.exec(text) ?? [];
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  if (whole === undefined || h > 23 || m > 59 || s > 59) return undefined;
  return ((h * 60 + m) * 60 + s) * 1_000;
}

/** ms after midnight as `07:30`, with seconds where there are some. */
export function clockText(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = (ms / 1_000) % 60;
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}${seconds === 0 ? '' : `:${two(seconds)}`}`;
}

export function wrongClock(text: string): Fault {
  const [hours = '0', minutes = '0'] = text.split(':');
  const right = `${String(Number(hours) % 24).padStart(2, '0')}:${String(Number(minutes) % 60).padStart(2, '0')}`;
  return {
    code: 'HB308',
    message: `no day has the time ${text}`,
    suggestion: 'times of the day run from 00:00 to 23:59',
    fix: minutes.length === 1 ? `${hours.padStart(2, '0')}:0${minutes}` : right,
  };
}
