import type { Bus } from '../bus/bus.ts';
import { serveRequests, type Verb } from '../bus/requests.ts';
import type { Clock } from '../kit/clock.ts';
import { HanbusError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { RuleStatus } from '../rules/engine-world.ts';
import type { SetAnswer } from '../schemes/command-contracts.ts';
import { plainText } from '../schemes/reading.ts';
import type { RuleAnswer, RulesAnswer } from '../schemes/rule-contracts.ts';
import { ruleWords } from '../schemes/rule-words.ts';
import { findName } from '../schemes/rules/find-name.ts';
import type { PathAnswer, WhyAnswer } from '../schemes/why-contracts.ts';
import { askLastCommand } from './ask-commands.ts';
import { counterOf } from './counters.ts';
import { ORIGIN } from './origin.ts';
import { pathOf } from './point-why.ts';
import { makeReplayLine } from './replay-line.ts';
import { replayAnswer } from './replay-verb.ts';
import { nameIn, noSuchRule } from './rule-asked.ts';
import { homeWords, wordNames } from './rule-names.ts';
import { explanationAnswer, waitingAnswer } from './rule-why.ts';
import type { RunnerParts } from './runner-parts.ts';

export interface RuleVerbWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly parts: RunnerParts;
}

/** Control verbs that the rule runner answers. */
export const RULE_VERBS = ['replay', 'rule', 'rules', 'variable', 'why'] as const;

type Args = Readonly<Record<string, unknown>>;

/** Answers the control requests about rules, until the returned function is called. */
export function answerRuleRequests(world: RuleVerbWorld): () => void {
  const { bus, node, log } = world;
  const replays = makeReplayLine();
  const verbs: Record<(typeof RULE_VERBS)[number], Verb> = {
    replay: (args) => replays(() => replayAnswer(world.parts, args)),
    rule: async (args) => changeRule(world, args),
    rules: async () => listRules(world),
    variable: async (args, { origin }) => setVariable(world, args, origin),
    why: async (args) => explain(world, nameIn(args)),
  };
  return serveRequests({ bus, node, origin: ORIGIN, verbs, log });
}

/** Answers as `set` does: a variable is set like a point. */
function setVariable({ node, parts, clock }: RuleVerbWorld, args: Args, origin: string): SetAnswer {
  const began = clock.mono();
  const name = nameIn(args).replace(/^home[./]/, '');
  const by = typeof args.by === 'string' ? args.by.slice(0, 64) : origin;
  const wish = { name, value: args.value, by };
  const granted = args.dry === true ? parts.variables.judge(wish) : parts.variables.set(wish);
  const head = { hanbus: 'set/1' as const, node, point: `home.${name}`, id: crypto.randomUUID() };
  const ms = Math.round(clock.mono() - began);
  if (granted.state === 'rejected') return { ...head, st: 'rejected', code: granted.code, why: granted.why, ms };
  const unit = parts.variables.unitOf(`home.${name}`);
  const text = `${plainText(granted.value)}${unit === undefined ? '' : ` ${unit}`}`;
  return { ...head, st: args.dry === true ? 'would' : 'done', value: granted.value, text, ms };
}

function listRules({ node, parts }: RuleVerbWorld): RulesAnswer {
  const { host, book } = parts;
  const listed = host.engine.list(host.moment()).filter(({ rule }) => counterOf(rule) === undefined);
  const missing = new Map(book.waiting.map((one) => [one.rule, [...one.missing]]));
  const unlisted = book.waiting.filter(({ rule }) => !listed.some((one) => one.rule === rule));
  const waiting = unlisted.map(({ rule }): RuleStatus => ({ rule, state: 'waiting', when: [], today: 0 }));
  const rules = [...listed, ...waiting].map((status) => {
    const lacks = missing.get(status.rule);
    return { ...status, when: [...status.when], ...(lacks === undefined ? {} : { missing: lacks }) };
  });
  return {
    hanbus: 'rules/1',
    node,
    rules: rules.sort((a, b) => (a.rule < b.rule ? -1 : 1)),
    pending: parts.counts().pending,
  };
}

function changeRule({ node, parts, log }: RuleVerbWorld, args: Args): RuleAnswer {
  const name = nameIn(args);
  const { on, run } = args;
  if (counterOf(name) !== undefined) throw noSuchRule(name, parts);
  if (typeof on !== 'boolean' && run !== true) {
    throw new HanbusError('HB158', 'the request needs "on" or "run"', { fix: `{"name":"${name}","on":false}` });
  }
  const isKnown = parts.host.enter((engine, moment) =>
    typeof on === 'boolean' ? engine.enable(name, on, moment) : engine.run(name, moment),
  );
  if (!isKnown) throw noSuchRule(name, parts);
  const did = typeof on !== 'boolean' ? 'ran' : on ? 'resumed' : 'paused';
  log.info('a rule was changed by hand', { rule: name, did });
  return { hanbus: 'rule/1', node, rule: name, did };
}

async function explain(world: RuleVerbWorld, asked: string): Promise<WhyAnswer> {
  const { node, parts } = world;
  const { host, book, map } = parts;
  const explanation = counterOf(asked) === undefined ? host.engine.why(asked, host.moment()) : undefined;
  const head = { hanbus: 'why/1' as const, node };
  if (explanation !== undefined) {
    const rule = book.rules.find(({ name }) => name === asked);
    const words = rule === undefined ? {} : { words: ruleWords(rule, wordNames(map.home())) };
    const lacks = book.waiting.find((one) => one.rule === asked);
    const missing = lacks === undefined ? {} : { missing: [...lacks.missing] };
    return { ...head, rule: { ...explanationAnswer(explanation), ...words, ...missing } };
  }
  const lacks = book.waiting.find(({ rule }) => rule === asked);
  if (lacks !== undefined) return { ...head, rule: waitingAnswer(asked, lacks.missing) };
  const meaning = findName(asked.replaceAll('/', '.'), { home: map.home(), words: homeWords(parts), settable: false });
  if (meaning.is === 'point' || meaning.is === 'variable') {
    const isOutput = meaning.is === 'point' && meaning.spec.settable === true;
    return { ...head, point: await wayOf(world, meaning.name, isOutput) };
  }
  const [device = ''] = asked.split(/[./]/);
  if (meaning.is === 'missing' && map.home().devices.has(`${node}.${device}`)) {
    throw new HanbusError('HB346', meaning.fault.message, { fix: `hanbus ls ${device}` });
  }
  throw noSuchRule(asked, parts);
}

async function wayOf(world: RuleVerbWorld, name: string, isOutput: boolean): Promise<PathAnswer> {
  const { bus, node, parts } = world;
  const { book, map, last } = parts;
  const told = isOutput && name.startsWith(`${node}.`) ? await askLastCommand(world, name) : undefined;
  return pathOf(name, { bus, map, last, book, told });
}
