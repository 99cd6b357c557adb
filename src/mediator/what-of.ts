import { plainText, type Value } from '../schemes/reading.ts';
import type { Wish } from './read-command.ts';
import { clipped } from './refusal.ts';

/** Longer texts are remembered by their beginning, their length and their hash: thousands of ids are kept. */
const LONGEST = 200;

/** What a command says, to tell one that comes again from another with the same id: `pump.state="on"`. */
export function whatOf({ device, point, wish }: { device: string; point: string; wish: Wish }): string {
  const text = `${device}.${point}=${JSON.stringify(wish.v)}`;
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}#${text.length}#${hashOf(text)}`;
}

export const isLong = (value: Value): boolean => typeof value !== 'boolean' && plainText(value).length > LONGEST;

/** A value, short enough to be kept a thousand times. */
export function shortValue(value: unknown): Value | null {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (value === undefined || value === null) return null;
  return clipped(typeof value === 'string' ? value : JSON.stringify(value));
}

/** FNV-1a, twice 32 bits. */
function hashOf(text: string): string {
  let [one, other] = [0x811c_9dc5, 0x1234_5678];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x0100_0193);
    other = Math.imul(other ^ code, 0x0100_0193) + at;
  }
  return `${(one >>> 0).toString(36)}${(other >>> 0).toString(36)}`;
}
