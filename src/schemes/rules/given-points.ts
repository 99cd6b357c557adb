import type { PointSpec } from '../point.ts';
import { parseQuantity } from '../quantity.ts';
import { unitOf } from '../units.ts';
import { isRecord, scalarText } from '../yaml-value.ts';
import { STATE_WORDS } from './check-operand.ts';
import { findName } from './find-name.ts';
import type { HomePoints } from './home-points.ts';
import type { RulesText } from './rules-text.ts';

type Devices = Map<string, Record<string, PointSpec> | undefined>;

/**
 * The home as the tests of a scheme see it: points that only they tell of (those of other nodes) are taken as their
 * `given` and `expect` show them, so that a rule about a neighbour can be tested without it.
 */
export function homeWithGiven({ rules }: RulesText, home: HomePoints): HomePoints {
  const devices: Devices = new Map([...home.devices].map(([name, points]) => [name, points && { ...points }]));
  for (const rule of Object.values(rules)) {
    for (const test of listOf(isRecord(rule) ? rule.tests : undefined)) {
      for (const step of listOf(test.given)) addAll(step, false, { home, devices });
      for (const step of listOf(test.expect)) addAll(step, true, { home, devices });
    }
  }
  return { ...home, devices };
}

/** One map or a list of them. */
function listOf(raw: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  return items.filter(isRecord);
}

interface Adding {
  readonly home: HomePoints;
  readonly devices: Devices;
}

const NO_WORDS = { groups: new Map(), rules: [], scenes: [], services: [], variables: new Map() };
const NAME = /^[a-z]\w*(?:\.[a-z]\w*){0,2}$/;

function addAll(step: Readonly<Record<string, unknown>>, settable: boolean, { home, devices }: Adding): void {
  for (const [key, raw] of Object.entries(step)) {
    const text = scalarText(raw);
    if (text === undefined || !NAME.test(key) || key.startsWith('home.')) continue;
    const meaning = findName(key, { home, words: NO_WORDS, settable });
    const [device, point] = placeOf(key, home);
    // An own device is what the scheme says, unless its points are known only when it is open.
    const isOwn = device.startsWith(`${home.node}.`);
    if (meaning.is !== 'missing' || (isOwn && !home.devices.has(device))) continue;
    const known = devices.get(device) ?? {};
    devices.set(device, { ...known, [point]: { ...specOf(text), ...known[point], ...(settable ? { settable } : {}) } });
  }
}

function placeOf(key: string, home: HomePoints): readonly [string, string] {
  const [first = '', second, third] = key.split('.');
  if (third !== undefined) return [`${first}.${second}`, third];
  if (second === undefined) return [`${home.node}.${first}`, 'state'];
  const own = `${home.node}.${first}`;
  return home.devices.has(own) ? [own, second] : [key, 'state'];
}

/** The sort of a point by one of its values. */
function specOf(text: string): PointSpec {
  const [value = ''] = text.split(/\s+for\s+/);
  if (STATE_WORDS.has(value)) return { type: 'boolean' };
  const quantity = parseQuantity(value);
  if (quantity === undefined) return { type: 'text' };
  const unit = unitOf(quantity.unit);
  return unit === undefined ? { type: 'number' } : { type: 'number', unit };
}
