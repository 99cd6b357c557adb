import { listed, nearest } from '../near.ts';
import type { PointSpec, Points } from '../point.ts';
import type { Fault } from '../units-time.ts';
import { chiefPoint, everyPoint, type HomePoints, shortName } from './home-points.ts';
import type { Variable } from './rule.ts';
import type { HomeWords } from './scope.ts';

/** What a name stands for. */
export type Meaning =
  | { readonly is: 'point'; readonly name: string; readonly spec: PointSpec }
  | { readonly is: 'variable'; readonly name: string; readonly variable: Variable }
  /** Nothing has this name, or nobody has seen its points; the fault says so. */
  | { readonly is: 'missing'; readonly fault: Fault }
  | { readonly is: 'wrong'; readonly fault: Fault };

interface Search {
  readonly home: HomePoints;
  readonly words: HomeWords;
  /** Looked for as a target: only points that take commands count as the one of a device. */
  readonly settable: boolean;
}

/** A point or a variable by any of its names. The faults have no place yet. */
export function findName(text: string, search: Search): Meaning {
  const parts = text.split('.');
  const [first = '', second = '', third] = parts;
  if (first === 'home' && parts.length === 2) return findVariable(second, search);
  if (parts.length === 1) return findShort(first, search);
  if (parts.length === 2) return findPair(first, second, search);
  if (third !== undefined && parts.length === 3) return findWhole(`${first}.${second}`, third, text, search);
  const message = `"${text}" has ${parts.length} parts`;
  return wrong({ code: 'HB301', message, suggestion: 'a name has three at most: node.device.point' });
}

function wrong(fault: Fault): Meaning {
  return { is: 'wrong', fault };
}

function findVariable(name: string, { words }: Search): Meaning {
  const variable = words.variables.get(name);
  if (variable !== undefined) return { is: 'variable', name: `home.${name}`, variable };
  const known = [...words.variables.keys()];
  const near = nearest(name, known);
  const advice =
    near === undefined
      ? { suggestion: known.length === 0 ? 'there are none; add it' : `there are ${listed(known)}`, fix: addIt(name) }
      : { suggestion: `did you mean home.${near}?`, fix: `home.${near}` };
  return wrong({ code: 'HB315', message: `the home has no variable "${name}"`, ...advice });
}

function addIt(name: string): string {
  return `home: {${name}: {values: [home, away, night], initial: home}}`;
}

/** `pump`: an own device, by its one point. */
function findShort(name: string, search: Search): Meaning {
  const { home } = search;
  const device = `${home.node}.${name}`;
  return home.devices.has(device) ? chiefOf(device, name, search) : unseen(name, search);
}

function chiefOf(device: string, text: string, { home, settable }: Search): Meaning {
  const points = home.devices.get(device);
  if (points === undefined || Object.keys(points).length === 0) return unopened(text);
  const chief = chiefPoint(points, settable) ?? (settable ? chiefPoint(points, false) : undefined);
  if (settable && chief === undefined && !Object.values(points).some((spec) => spec.settable === true)) {
    return wrong({ code: 'HB310', message: `"${text}" takes no commands` });
  }
  const spec = chief === undefined ? undefined : points[chief];
  if (chief !== undefined && spec !== undefined) return { is: 'point', name: `${device}.${chief}`, spec };
  const names = Object.keys(points);
  const message = `"${text}" has more than one point`;
  const [point = 'state'] = settable ? names.filter((name) => points[name]?.settable === true) : names;
  return wrong({
    code: 'HB301',
    message,
    suggestion: `say which: ${listed(names)}`,
    fix: `${text}.${names.includes(point) ? point : (names[0] ?? 'state')}`,
  });
}

/** `air.temperature` of this node, or device `air` of a node of this name: both at once is nothing to choose. */
function findPair(first: string, second: string, search: Search): Meaning {
  const { home } = search;
  const text = `${first}.${second}`;
  const own = `${home.node}.${first}`;
  const hasOwn = home.devices.has(own);
  const hasOther = home.devices.has(text);
  if (!hasOther) {
    if (hasOwn) return pointOf(own, second, text, search);
    return first === home.node || home.peers.includes(first) ? unseenDevice(text, first, search) : unseen(text, search);
  }
  const points = home.devices.get(own);
  const ownHas = hasOwn && (points === undefined || Object.hasOwn(points, second));
  if (!ownHas) return chiefOf(text, text, search);
  const other = Object.keys(home.devices.get(text) ?? {})[0] ?? 'state';
  return wrong({
    code: 'HB302',
    message: `${text} can be read in two ways: point ${second} of device ${first}, or device ${second} of node ${first}`,
    suggestion: `write ${own}.${second} or ${text}.${other}`,
    fix: `${own}.${second}`,
  });
}

function findWhole(device: string, point: string, text: string, search: Search): Meaning {
  const { home } = search;
  if (home.devices.has(device)) return pointOf(device, point, text, search);
  const [node = ''] = device.split('.');
  return node === home.node || home.peers.includes(node) ? unseenDevice(text, node, search) : unseen(text, search);
}

function pointOf(device: string, point: string, text: string, { home }: Search): Meaning {
  const points = home.devices.get(device);
  if (points === undefined || Object.keys(points).length === 0) return unopened(text);
  const spec = Object.hasOwn(points, point) ? points[point] : undefined;
  if (spec !== undefined) return { is: 'point', name: `${device}.${point}`, spec };
  return wrong(noSuchPoint(text, point, points));
}

function noSuchPoint(text: string, point: string, points: Points): Fault {
  const known = Object.keys(points);
  const start = text.slice(0, text.length - point.length);
  const near = nearest(point, known);
  const right = `${start}${near ?? known[0] ?? 'state'}`;
  const suggestion = near === undefined ? `${start.slice(0, -1)} has ${listed(known)}` : `did you mean ${right}?`;
  return { code: 'HB301', message: `no point "${text}"`, suggestion, fix: right };
}

/** It is there, but closed: what it measures is known when it is open. */
function unopened(text: string): Meaning {
  const message = `the points of "${text}" are known when the device is open; the rule waits for it`;
  return { is: 'missing', fault: { code: 'HB303', severity: 'note', message } };
}

function unseenDevice(text: string, node: string, search: Search): Meaning {
  return unseen(text, search, `node ${node} has no such device`);
}

/** Each part of the name must be near: `fridge.temperature` is not `air.temperature`. */
function nearName(text: string, candidates: readonly string[]): string | undefined {
  const parts = text.split('.');
  const alike = candidates.filter((candidate) => {
    const others = candidate.split('.');
    return others.length === parts.length && parts.every((part, at) => nearest(part, [others[at] ?? '']) !== undefined);
  });
  return nearest(text, alike) ?? alike[0];
}

function unseen(text: string, { home, words, settable }: Search, why = 'nothing here has this name'): Meaning {
  const candidates = everyPoint(home)
    .filter(([, spec]) => !settable || spec.settable === true)
    .map(([name]) => shortName(home, name));
  const near = nearName(text, [...candidates, ...words.groups.keys(), ...(settable ? words.services : [])]);
  const said = near === undefined ? {} : { suggestion: `did you mean ${near}?`, fix: near };
  if (home.unknown === 'refuse') {
    const known = { suggestion: `known: ${listed(candidates)}` };
    return wrong({ code: 'HB303', message: `no "${text}": ${why}`, ...(near === undefined ? known : said) });
  }
  const message = `"${text}" is not in this scheme; the rule waits until it is found`;
  const severity = near === undefined ? 'note' : 'warning';
  return { is: 'missing', fault: { code: 'HB303', severity, message, ...said } };
}
