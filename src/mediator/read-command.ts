import type { CommandMode, CommandText } from '../schemes/command.ts';
import { isNestedDeeper } from '../schemes/json-depth.ts';
import { durationText, parseDuration } from '../schemes/quantity.ts';
import { clipped, type Refusal, rejected } from './refusal.ts';

/** The members of a command after the border; times in ms. The value is still raw. */
export interface Wish {
  readonly id?: string | undefined;
  readonly v: unknown;
  readonly ttlMs?: number | undefined;
  /** Wall ms. */
  readonly at?: number | undefined;
  readonly mode?: CommandMode | undefined;
  readonly by?: string | undefined;
  readonly forMs?: number | undefined;
}

export const LONGEST_TTL_MS = 3_600_000;
const LONGEST_FOR_MS = 31 * 86_400_000;
/** Characters of a payload. */
export const LONGEST_PAYLOAD = 16_384;
const LONGEST_WORD = 64;
const DEEPEST = 32;

const MEMBERS: Readonly<Record<keyof CommandText, true>> = {
  at: true,
  by: true,
  for: true,
  id: true,
  mode: true,
  ttl: true,
  v: true,
};

/** Reads the payload of a `$cmd`: strictly, since a member that is not understood could be the one that matters. */
export function readCommand(text: string): Wish | Refusal {
  if (text.length > LONGEST_PAYLOAD) return rejected('HB353', `it is longer than ${LONGEST_PAYLOAD} characters`);
  if (isNestedDeeper(text, DEEPEST)) return rejected('HB353', `it is nested deeper than ${DEEPEST} levels`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return rejected('HB353', `it is not JSON: ${clipped(text)}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return rejected('HB353', 'it is not a JSON object such as {"v":"on"}');
  }
  const strange = Object.keys(parsed).find((key) => !Object.hasOwn(MEMBERS, key));
  if (strange !== undefined) return rejected('HB353', `there is no member "${clipped(strange)}"`);
  if (!('v' in parsed) || parsed.v === undefined) return rejected('HB353', 'there is no member "v", the value');
  return readMembers({ ...parsed });
}

type Raw = Readonly<Record<string, unknown>>;

function readMembers(raw: Raw): Wish | Refusal {
  const mode = readMode(raw.mode);
  const at = readAt(raw.at);
  const [id, by] = [readWord(raw, 'id'), readWord(raw, 'by')];
  const [ttlMs, forMs] = [readTime(raw, 'ttl', LONGEST_TTL_MS), readTime(raw, 'for', LONGEST_FOR_MS)];
  if (typeof mode === 'object') return mode;
  if (typeof at === 'object') return at;
  if (typeof id === 'object') return id;
  if (typeof by === 'object') return by;
  if (by?.startsWith('guard:') === true) return rejected('HB353', '"by" begins with guard: only when a guard acts');
  if (typeof ttlMs === 'object') return ttlMs;
  if (typeof forMs === 'object') return forMs;
  return { v: raw.v, id, by, ttlMs, forMs, mode, at };
}

function readMode(mode: unknown): CommandMode | Refusal | undefined {
  if (mode === undefined || mode === 'once' || mode === 'set') return mode;
  return rejected('HB353', `"mode" is set or once, not ${clipped(JSON.stringify(mode))}`);
}

function readAt(at: unknown): number | Refusal | undefined {
  if (at === undefined || (typeof at === 'number' && Number.isFinite(at) && at >= 0)) return at;
  return rejected('HB361', '"at" is ms since 1970');
}

function readWord(raw: Raw, key: 'by' | 'id'): string | Refusal | undefined {
  const word = raw[key];
  if (word === undefined) return undefined;
  if (typeof word === 'string' && word !== '' && word.length <= LONGEST_WORD && !/\p{Cc}/u.test(word)) return word;
  return rejected('HB353', `"${key}" is a text of 1 to ${LONGEST_WORD} characters`);
}

/** ms, or a time with a unit. */
function readTime(raw: Raw, key: 'for' | 'ttl', most: number): number | Refusal | undefined {
  const given = raw[key];
  if (given === undefined) return undefined;
  const ms = typeof given === 'string' ? parseDuration(given) : given;
  if (typeof ms !== 'number' || !Number.isFinite(ms)) {
    return rejected('HB361', `"${key}" is a time in ms or with a unit, such as "5s"`);
  }
  if (ms >= 1 && ms <= most) return ms;
  return rejected('HB361', `"${key}" is outside 1ms to ${durationText(most)}`);
}
