import { distance } from 'fastest-levenshtein';

/** Words that people know from other programs, or write by habit, and what hanbus calls them. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  accuracy_decimals: ['round'],
  action: ['then'],
  actions: ['then'],
  address: ['at'],
  automation: ['rules'],
  automations: ['rules'],
  brokers: ['broker'],
  bus: ['at'],
  calibrate: ['scale'],
  condition: ['if'],
  conditions: ['if'],
  deadband: ['on_change'],
  decimals: ['round'],
  delta: ['on_change'],
  description: ['about'],
  driver: ['kind'],
  filters: ['filter'],
  host: ['url', 'engine'],
  hostname: ['name', 'node'],
  includes: ['include'],
  interval: ['every'],
  label: ['about', 'name'],
  latitude: ['location'],
  mqtt: ['broker'],
  model: ['kind'],
  pass: ['password'],
  period: ['every'],
  pin: ['at'],
  place: ['at'],
  platform: ['kind'],
  poll: ['every'],
  port: ['listen'],
  precision: ['round'],
  retained: ['retain'],
  room: ['area'],
  scan_interval: ['every'],
  sensor: ['devices'],
  sensors: ['devices'],
  server: ['url', 'engine'],
  threshold: ['on_change'],
  throttle: ['at_most'],
  trigger: ['when'],
  triggers: ['when'],
  type: ['kind'],
  unit_of_measurement: ['unit'],
  update_interval: ['every'],
  user_name: ['user'],
  username: ['user'],
};

/** The candidate that was probably meant; undefined when nothing is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = plainOf(word);
  const same = candidates.find((candidate) => plainOf(candidate) === plain);
  if (same !== undefined) return same;
  const habit = word.toLowerCase();
  const aliases = Object.hasOwn(ALIASES, habit) ? ALIASES[habit] : undefined;
  const known = aliases?.find((alias) => candidates.includes(alias));
  return known ?? closest(plain, candidates) ?? extension(plain, candidates);
}

/** Capitals, hyphens and spaces do not count. */
function plainOf(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]+/g, '');
}

function closest(plain: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const other = plainOf(candidate);
    const away = swapped(plain, other) ? 1 : distance(plain, other);
    if (away >= least || away > allowance(plain, other) || away >= other.length) continue;
    least = away;
    best = candidate;
  }
  return best;
}

/** A third of the letters may differ; two when the first letter is right; none in the shortest words. */
function allowance(plain: string, other: string): number {
  if (plain.length < 3) return 0;
  const sameStart = plain.length > 3 && plain[0] === other[0] ? 2 : 1;
  return Math.max(sameStart, Math.floor(plain.length / 3));
}

/** Two neighbouring letters changed places. */
function swapped(one: string, other: string): boolean {
  if (one.length !== other.length || one === other) return false;
  const at = Array.from({ length: one.length }, (_, index) => index).findIndex((index) => one[index] !== other[index]);
  const back = one.slice(0, at) + (one[at + 1] ?? '') + (one[at] ?? '') + one.slice(at + 2);
  return back === other;
}

/** `an ads1115`, `a relay`. */
export function article(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** `temp` for `temperature`, `humidity_percent` for `humidity`; only when just one fits. */
function extension(plain: string, candidates: readonly string[]): string | undefined {
  if (plain.length < 3) return undefined;
  const fitting = candidates.filter((candidate) => {
    const other = plainOf(candidate);
    return other.length >= 3 && (other.startsWith(plain) || plain.startsWith(other));
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** `a, b, c`, cut after `limit` with the number of the rest. */
export function listed(words: readonly string[], limit = 12): string {
  const shown = words.slice(0, limit).join(', ');
  return words.length > limit ? `${shown} and ${words.length - limit} more` : shown;
}
