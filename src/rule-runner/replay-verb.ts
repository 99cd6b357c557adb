import { HanbusError } from '../kit/errors.ts';
import type { ReplayAnswer } from '../schemes/rule-contracts.ts';
import { ruleWords } from '../schemes/rule-words.ts';
import { readRules } from '../schemes/rules/read-rules.ts';
import type { Rule, RuleBook } from '../schemes/rules/rule.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import { pointsOfRule } from './counters.ts';
import { type Replayed, replay } from './replay.ts';
import { nameIn, noSuchRule } from './rule-asked.ts';
import { wordNames } from './rule-names.ts';
import type { RuleRunnerOptions } from './runner-options.ts';
import type { RunnerParts } from './runner-parts.ts';

const DAY_MS = 86_400_000;
const LONGEST_MS = 31 * DAY_MS;

type Args = Readonly<Record<string, unknown>>;

/** What a rule would have done; a new one is checked first. Throws what is wrong with it. */
export async function replayAnswer(parts: RunnerParts, args: Args): Promise<ReplayAnswer> {
  const name = nameIn(args);
  const { book, rule } = isRecord(args.rule) ? newRule(parts, name, args.rule) : knownRule(parts, name);
  const { clock, node } = parts.options;
  const to = clock.now();
  const from = to - sinceIn(args);
  const points = [...pointsOfRule(rule)].sort();
  const played = await play(parts, { book, rule, from, to, points });
  const silent = points.filter((point) => !played.seen.has(point));
  return {
    hanbus: 'replay/1',
    node,
    rule: name,
    words: ruleWords(rule, wordNames(parts.map.home())),
    from,
    to,
    readings: played.readings,
    ...(silent.length === 0 ? {} : { noHistory: silent }),
    runs: played.runs.map(({ at, ms, did }) => ({ at, did, ...(ms === undefined ? {} : { ms }) })),
    ...(played.more === 0 ? {} : { more: played.more }),
  };
}

interface Play {
  readonly book: RuleBook;
  readonly rule: Rule;
  readonly from: number;
  readonly to: number;
  readonly points: readonly string[];
}

async function play(parts: RunnerParts, { points, ...what }: Play): Promise<Replayed> {
  const { clock, node, timeZone, history = nothing } = parts.options;
  const { location } = parts.text;
  if (what.from === what.to) return { runs: [], more: 0, readings: 0, seen: new Set(points) };
  return await replay({
    ...what,
    readings: history(points, what.from, what.to),
    specOf: (point) => parts.map.spec(point),
    world: { node, timeZone, ...(location === undefined ? {} : { location }) },
    mono: () => clock.mono(),
  });
}

/** Of a node that keeps no history. */
const nothing: NonNullable<RuleRunnerOptions['history']> = async function* none() {
  yield* [];
};

function knownRule(parts: RunnerParts, name: string): { book: RuleBook; rule: Rule } {
  const { book } = parts;
  const rule = book.rules.find((one) => one.name === name);
  if (rule !== undefined) return { book, rule };
  const waits = book.waiting.find((one) => one.rule === name);
  if (waits === undefined) throw noSuchRule(name, parts);
  const message = `the rule ${name} waits for ${waits.missing.join(', ')}, which was never seen`;
  throw new HanbusError('HB346', message, { fix: 'hanbus ls' });
}

/** A rule as YAML data, read beside those that run. Throws the first of its errors. */
function newRule(parts: RunnerParts, name: string, raw: Args): { book: RuleBook; rule: Rule } {
  const { text, map } = parts;
  const home = { ...map.home(), unknown: 'refuse' as const };
  const { book, problems } = readRules({ ...text, rules: { ...text.rules, [name]: raw } }, home);
  const wrong = problems.find(({ path, severity = 'error' }) => severity === 'error' && path[1] === name);
  if (wrong !== undefined) {
    const { code, message, fix, suggestion } = wrong;
    throw new HanbusError(code, suggestion === undefined ? message : `${message}: ${suggestion}`, {
      ...(fix === undefined ? {} : { fix }),
    });
  }
  const rule = book.rules.find((one) => one.name === name);
  if (rule !== undefined) return { book, rule };
  const missing = book.waiting.find((one) => one.rule === name)?.missing ?? [];
  throw new HanbusError('HB346', `the rule ${name} needs ${missing.join(', ')}, which was never seen`, {
    fix: 'hanbus ls',
  });
}

function sinceIn({ sinceMs = DAY_MS }: Args): number {
  if (typeof sinceMs === 'number' && sinceMs >= 0 && sinceMs <= LONGEST_MS) return sinceMs;
  throw new HanbusError('HB158', '"sinceMs" must be ms, 31 days at most', { fix: '{"sinceMs":86400000}' });
}
