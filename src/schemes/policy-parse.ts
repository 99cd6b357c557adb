import { listed, nearest } from './near.ts';
import type { PathProblem } from './path-problem.ts';
import type { Policy, PolicyOrigin, PolicyText } from './policy.ts';
import { isPolicyKey, POLICY_KEYS, type PolicyKey, readKey } from './policy-keys.ts';
import { policyText } from './policy-text.ts';
import { durationText } from './quantity.ts';
import { isRecord, shortValue } from './yaml-value.ts';

export interface ParsedPolicy {
  /** What is right of it; a key that is wrong is left out. */
  readonly policy: Policy;
  readonly problems: readonly PathProblem[];
}

export interface ParsedPatch {
  /** The keys to set, in their canonical form. */
  readonly set: PolicyText;
  /** The keys to take back. */
  readonly unset: readonly PolicyKey[];
  readonly problems: readonly PathProblem[];
}

function notMap(raw: unknown): PathProblem {
  const time = typeof raw === 'string' && /^\d/.test(raw);
  return {
    path: [],
    code: 'HB205',
    message: 'a publish policy is a map of keys such as every and on_change',
    suggestion: `possible here: ${listed(Object.keys(POLICY_KEYS))}`,
    fix: `publish: {every: ${time ? raw : '60s'}}`,
  };
}

/** What other programs call a key; `delta` is a filter too, but as a key it can only be `on_change`. */
const OTHER_WORDS: Readonly<Record<string, PolicyKey>> = {
  changes: 'on_change',
  deadband: 'on_change',
  debounce: 'filter',
  decimals: 'round',
  delta: 'on_change',
  heartbeat: 'every',
  interval: 'every',
  max_rate: 'at_most',
  min_interval: 'at_most',
  period: 'every',
  precision: 'round',
  rate: 'every',
  retained: 'retain',
  threshold: 'on_change',
  throttle: 'at_most',
  units: 'unit',
};

/** A longer word is not a misspelt key. */
const LONGEST_KEY = 64;
const MOST_KEYS = 100;

function nearestKey(key: string): string | undefined {
  if (key.length > LONGEST_KEY) return undefined;
  const meant = nearest(key, [...Object.keys(POLICY_KEYS), ...Object.keys(OTHER_WORDS)]);
  return meant === undefined ? undefined : (OTHER_WORDS[meant] ?? meant);
}

function unknownKey(key: string, raw: unknown): PathProblem {
  const near = nearestKey(key);
  return {
    path: [key],
    onKey: true,
    code: 'HB204',
    message: `unknown key "${shortValue(key)}" in a publish policy`,
    suggestion: near === undefined ? `possible here: ${listed(Object.keys(POLICY_KEYS))}` : `did you mean "${near}"?`,
    ...(near === undefined ? {} : { fix: `${near}: ${shortValue(raw)}` }),
  };
}

function tooMany(count: number): PathProblem {
  return {
    path: [],
    code: 'HB206',
    message: `a publish policy with ${count} keys`,
    suggestion: `possible here: ${listed(Object.keys(POLICY_KEYS))}`,
  };
}

/** A rate cap longer than the heartbeat makes the heartbeat late. */
function rateProblem({ everyMs, atMostMs }: Policy): readonly PathProblem[] {
  if (everyMs === undefined || atMostMs === undefined || atMostMs <= everyMs) return [];
  const [cap, beat] = [durationText(atMostMs), durationText(everyMs)];
  return [
    {
      path: ['at_most'],
      code: 'HB241',
      severity: 'warning',
      message: `at_most: ${cap} is longer than every: ${beat}, so it comes every ${cap} only`,
      suggestion: `at most ${beat}`,
      fix: `at_most: ${beat}`,
    },
  ];
}

function readOne(key: string, raw: unknown): ParsedPolicy {
  if (!isPolicyKey(key)) return { policy: {}, problems: [unknownKey(key, raw)] };
  if (raw === null) {
    const message = `${key}: has no value`;
    return {
      policy: {},
      problems: [{ path: [key], code: 'HB205', message, suggestion: 'write a value or delete the line' }],
    };
  }
  const { part, problems } = readKey(key, raw);
  return { policy: part, problems: problems.map((problem) => ({ ...problem, path: [key, ...problem.path] })) };
}

/** A publish policy as a person writes it: `{every: 60s, on_change: 2%}`. All problems in one pass, paths from its root. */
export function parsePolicy(raw: unknown): ParsedPolicy {
  if (raw === undefined || raw === null) return { policy: {}, problems: [] };
  if (!isRecord(raw)) return { policy: {}, problems: [notMap(raw)] };
  const entries = Object.entries(raw);
  if (entries.length > MOST_KEYS) return { policy: {}, problems: [tooMany(entries.length)] };
  const parts = entries.map(([key, value]) => readOne(key, value));
  const policy: Policy = Object.assign({}, ...parts.map((part) => part.policy));
  return { policy, problems: [...parts.flatMap((part) => part.problems), ...rateProblem(policy)] };
}

/** A change at run time: as a policy, but null takes a key back to what the scheme says. */
export function parsePolicyPatch(raw: unknown): ParsedPatch {
  if (!isRecord(raw)) return { set: {}, unset: [], problems: [notMap(raw)] };
  const entries = Object.entries(raw);
  const unset = entries.flatMap(([key, value]) => (value === null && isPolicyKey(key) ? [key] : []));
  const rest = entries.filter(([key, value]) => value !== null || !isPolicyKey(key));
  const { policy, problems } = parsePolicy(Object.fromEntries(rest));
  return { set: policyText(policy), unset, problems };
}

export interface PolicyLayer {
  readonly origin: PolicyOrigin;
  readonly text: PolicyText;
}

export interface MergedPolicy {
  readonly policy: Policy;
  /** Canonical, by the keys of `POLICY_KEYS`. */
  readonly text: Record<string, unknown>;
  /** Which layer each key of `text` came from. */
  readonly origin: Record<string, PolicyOrigin>;
}

/** Puts layers together, the farthest first: for each key the last layer that has it wins. Wrong keys do not count. */
export function mergePolicies(layers: readonly PolicyLayer[]): MergedPolicy {
  const parsed = layers.map(({ origin, text }) => ({ origin, policy: parsePolicy(text).policy }));
  const policy: Policy = Object.assign({}, ...parsed.map((layer) => layer.policy));
  const text = policyText(policy);
  const origin: Record<string, PolicyOrigin> = {};
  for (const layer of parsed) {
    for (const key of Object.keys(policyText(layer.policy))) origin[key] = layer.origin;
  }
  return { policy, text, origin };
}
