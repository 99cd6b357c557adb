import type { CheckContext } from './check-context.ts';
import { wrongSort } from './field-problems.ts';
import type { Path } from './path-problem.ts';
import type { PointPlan } from './plan.ts';
import type { PointSpec, Points } from './point.ts';
import { checkOnlyIf } from './rules/check-only-if.ts';
import type { HomePoints } from './rules/home-points.ts';
import { type KnownRules, makeKnownRules, type ReadRules, readRulesInSteps } from './rules/read-rules.ts';
import type { RulesText } from './rules/rules-text.ts';
import type { DeviceText, Scheme } from './scheme.ts';
import { atShownTexts, showRules } from './show-rules.ts';
import { HOME } from './topics.ts';
import { isRecord } from './yaml-value.ts';

/** How the own node is called where no scheme says it: the host name is not known here. */
const NAMELESS = 'this_node';
const PARTS: readonly string[] = ['groups', HOME, 'rules', 'scenes'];

type Root = Readonly<Record<string, unknown>>;

interface RulesContext extends CheckContext {
  readonly knownRules?: KnownRules;
  /** Between two steps of some ms others have their turn. */
  readonly rest?: () => Promise<void>;
}

/** All that is about rules, against the points that this scheme itself tells of. */
export async function checkRules(
  root: Root,
  { node, devices }: Pick<Scheme, 'devices' | 'node'>,
  context: RulesContext,
): Promise<RulesText> {
  for (const part of PARTS) checkPart(part, root[part], context);
  const written = rulesTextOf(root, node);
  const shown = showRules(devices);
  const text = { ...written, rules: { ...shown.rules, ...written.rules } };
  const home = homeOf({ node, devices }, context);
  const { problems } = await readResting(text, home, context);
  context.problems.push(...atShownTexts(problems, shown), ...checkOnlyIf(devices, text, home));
  return text;
}

async function readResting(
  text: RulesText,
  home: HomePoints,
  { knownRules = makeKnownRules(), rest }: RulesContext,
): Promise<ReadRules> {
  const reading = readRulesInSteps(text, home, knownRules);
  for (;;) {
    const { done, value } = reading.next();
    if (done === true) return value;
    await rest?.();
  }
}

function checkPart(part: string, raw: unknown, { problems }: CheckContext): void {
  const path: Path = [part];
  if (raw !== undefined && raw !== null && !isRecord(raw)) problems.push(wrongSort('a map (name: value)', raw, path));
}

function rulesTextOf(root: Root, { location }: Scheme['node']): RulesText {
  const part = (key: string) => {
    const raw = root[key];
    return isRecord(raw) ? raw : {};
  };
  const services = [...Object.keys(part('services')), ...Object.keys(part('bridges'))];
  const parts = { rules: part('rules'), scenes: part('scenes'), groups: part('groups'), home: part(HOME) };
  return { ...parts, services, ...(location === undefined ? {} : { location }) };
}

/** The own devices; others may be found, or be those of other nodes, so a strange name only waits. */
export function homeOf(
  { node, devices }: Pick<Scheme, 'devices' | 'node'>,
  { kinds }: Pick<CheckContext, 'kinds'>,
): HomePoints {
  const name = node.name ?? NAMELESS;
  const known = Object.entries(devices).map(([device, text]) => {
    const facts = text.kind === undefined ? undefined : kinds.get(text.kind);
    const specs = facts?.points === 'found' ? facts.pointsOf?.(text.options) : facts?.points;
    return [`${name}.${device}`, specs === undefined ? undefined : shownPoints(specs, text)] as const;
  });
  return { node: name, devices: new Map(known), peers: [], unknown: 'wait' };
}

/** The points of a kind with the names and units that a person gave them. */
function shownPoints(specs: Points, { points }: DeviceText): Points {
  const shown = Object.entries(specs).map(([own, spec]) => {
    const plan = points[own] ?? {};
    return [plan.name ?? own, tuned(spec, plan)] as const;
  });
  return Object.fromEntries(shown);
}

function tuned(spec: PointSpec, { unit, scale }: PointPlan): PointSpec {
  const { range, unit: own, ...rest } = spec;
  const shownUnit = scale === undefined ? (unit ?? own) : unit;
  const keepsRange = range !== undefined && scale === undefined && shownUnit === own;
  return { ...rest, ...(shownUnit === undefined ? {} : { unit: shownUnit }), ...(keepsRange ? { range } : {}) };
}
