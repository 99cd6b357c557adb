import { listed, nearest } from '../near.ts';
import type { PointSpec } from '../point.ts';
import { findName } from './find-name.ts';
import { everyPoint, shortName, specOf } from './home-points.ts';
import type { Variable } from './rule.ts';
import { type Scope, tell } from './scope.ts';

/** What the key of an action stands for. */
export type Target =
  | { readonly is: 'points'; readonly names: readonly string[]; readonly spec: PointSpec }
  | { readonly is: 'variable'; readonly name: string; readonly variable: Variable }
  | { readonly is: 'service'; readonly name: string }
  | { readonly is: 'rule'; readonly name: string }
  /** Nothing has this name yet; the rule waits. */
  | { readonly is: 'missing' };

/** A group, a service, a rule, a variable or a point that takes commands; what it is not is told. */
export function findTarget(text: string, scope: Scope): Target | undefined {
  const { words, home } = scope;
  if (text.startsWith('rules.')) return ruleTarget(text.slice('rules.'.length), scope);
  const group = words.groups.get(text);
  if (group !== undefined) return groupTarget(group.members, scope);
  const isDevice = home.devices.has(`${home.node}.${text}`);
  if (words.services.includes(text) && !isDevice) return { is: 'service', name: text };
  if (words.services.includes(text)) return bothWays(text, scope);
  const meaning = findName(text, { home, words, settable: true });
  if (meaning.is === 'variable') return { is: 'variable', name: meaning.name, variable: meaning.variable };
  if (meaning.is === 'missing') {
    tell(scope, meaning.fault);
    scope.missing.add(text);
    return { is: 'missing' };
  }
  if (meaning.is === 'wrong') {
    scope.missing.add(text);
    return ['HB303', 'HB310'].includes(meaning.fault.code) ? notAnOutput(text, scope) : tell(scope, meaning.fault);
  }
  if (meaning.spec.settable !== true) return notAnOutput(text, scope);
  return { is: 'points', names: [meaning.name], spec: meaning.spec };
}

function ruleTarget(name: string, scope: Scope): Target | undefined {
  const { rules } = scope.words;
  if (rules.includes(name)) return { is: 'rule', name };
  const near = nearest(name, rules);
  const advice =
    near === undefined
      ? { suggestion: `rules: ${listed(rules)}` }
      : { suggestion: `did you mean rules.${near}?`, fix: `rules.${near}` };
  return tell(scope, { code: 'HB322', message: `there is no rule "${name}"`, ...advice });
}

function groupTarget(members: readonly string[], scope: Scope): Target {
  const [first] = members;
  const spec = first === undefined ? undefined : specOf(scope.home, first);
  return spec === undefined ? { is: 'missing' } : { is: 'points', names: members, spec };
}

function bothWays(text: string, scope: Scope): undefined {
  const points = Object.keys(scope.home.devices.get(`${scope.home.node}.${text}`) ?? {});
  const fix = `${text}.${points[0] ?? 'state'}`;
  const message = `${text} can be read in two ways: a device, or a service`;
  tell(scope, { code: 'HB302', message, suggestion: `write ${fix}, or give the service another name`, fix });
}

function notAnOutput(text: string, scope: Scope): undefined {
  const { home, words } = scope;
  const outputs = everyPoint(home)
    .filter(([, { settable }]) => settable === true)
    .map(([name]) => shortName(home, name));
  const near = nearest(text, [...outputs, ...words.groups.keys(), ...words.services]);
  const known = outputs.length === 0 ? 'You have none yet' : `You have: ${listed(outputs)}`;
  const device = /^[a-z]\w*/.exec(text)?.[0] ?? 'fan';
  const isNew = !home.devices.has(`${home.node}.${device}`);
  const add = isNew ? { fix: `devices: {${device}: {kind: relay, at: gpio17}}` } : {};
  const advice =
    near === undefined || near === text
      ? { suggestion: known, ...(near === text ? {} : add) }
      : { suggestion: `did you mean ${near}? ${known}`, fix: near };
  tell(scope, { code: 'HB310', message: `"${text}" is not an output here or on a neighbour`, ...advice });
}
