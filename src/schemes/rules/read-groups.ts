import { nameProblem } from '../check-node.ts';
import { wrongSort } from '../field-problems.ts';
import { isName, nameFrom } from '../names.ts';
import type { PointSpec } from '../point.ts';
import { findTarget } from './find-target.ts';
import type { Group } from './rule.ts';
import type { RulesText } from './rules-text.ts';
import { type Scope, tell, within } from './scope.ts';

/** Groups by name; a group of which a member has not been seen yet is shorter until then. */
export function readGroups(raw: RulesText['groups'], scope: Scope): ReadonlyMap<string, Group> {
  return new Map(Object.entries(raw).map(([name, value]) => [name, readGroup(name, value, within(scope, name))]));
}

function readGroup(name: string, raw: unknown, scope: Scope): Group {
  const { path, problems, home } = scope;
  if (!isName(name))
    problems.push({ path, onKey: true, ...nameProblem(name, 'group'), fix: `${nameFrom(name, 'group')}:` });
  if (home.devices.has(`${home.node}.${name}`)) {
    const message = `"${name}" is a device already`;
    tell(
      { ...scope, onKey: true },
      { code: 'HB316', message, suggestion: 'give the group another name', fix: `${name}_group:` },
    );
  }
  if (!Array.isArray(raw)) {
    const fix = typeof raw === 'string' ? `${name}: [${raw.split(/[\s,]+/).join(', ')}]` : undefined;
    problems.push(wrongSort('a list of points', raw, path, fix));
    return { name, members: [] };
  }
  const texts: readonly unknown[] = raw;
  const members = texts.map((text, index) => memberOf(text, within(scope, index)));
  if (members.length === 0)
    tell(scope, { code: 'HB316', message: 'a group without members does nothing', suggestion: 'name two points' });
  checkAlike(members, scope);
  return { name, members: [...new Set(members.flatMap((member) => (member === undefined ? [] : [member.name])))] };
}

interface Member {
  readonly name: string;
  readonly spec: PointSpec;
}

function memberOf(text: unknown, scope: Scope): Member | undefined {
  if (typeof text !== 'string') {
    scope.problems.push(wrongSort('the name of a point', text, scope.path));
    return undefined;
  }
  const target = findTarget(text, scope);
  if (target === undefined || target.is === 'missing') return undefined;
  const [name] = target.is === 'points' ? target.names : [];
  if (target.is === 'points' && name !== undefined) return { name, spec: target.spec };
  return tell(scope, {
    code: 'HB316',
    message: `"${text}" is not an output`,
    suggestion: 'a group holds points that take commands',
  });
}

function checkAlike(members: readonly (Member | undefined)[], scope: Scope): void {
  const first = members.find((member) => member !== undefined);
  members.forEach((member, index) => {
    if (member === undefined || first === undefined || isAlike(member.spec, first.spec)) return;
    const message = `${member.name} takes other values than ${first.name}`;
    tell(within(scope, index), { code: 'HB316', message, suggestion: 'make two groups' });
  });
}

function isAlike(one: PointSpec, other: PointSpec): boolean {
  const words = ({ values = [] }: PointSpec) => values.join(' ');
  return one.type === other.type && one.unit === other.unit && words(one) === words(other);
}
