import type { Found, Provenance } from '../schemes/found.ts';
import type { PathProblem } from '../schemes/path-problem.ts';
import type { DevicePlan, NodePlan } from '../schemes/plan.ts';
import type { DeviceText, Scheme } from '../schemes/scheme.ts';
import { type Acquaintance, meet, type NameBook } from './name-book.ts';

/** What harvest, scheme and memory say together. */
export interface Planned {
  readonly plan: NodePlan;
  readonly book: NameBook;
  /** Entries of the scheme that fit nothing found, or too much. */
  readonly problems: readonly PathProblem[];
}

interface Claim {
  readonly name: string;
  readonly written: DeviceText;
  /** The found device that the entry is about, if there is one. */
  readonly found?: Found;
  readonly problem?: PathProblem;
}

/**
 * Puts the written scheme over the harvest. An entry with a kind claims the one found device of that kind (and place);
 * an entry without a kind tunes the found device of that name. What was met before and is away stays, as lost.
 */
export function makePlan(node: string, scheme: Scheme, found: readonly Found[], known: NameBook): Planned {
  const sure = found.filter(({ certainty }) => certainty === 'sure');
  const claims = Object.entries(scheme.devices)
    .filter(([, written]) => written.kind !== undefined)
    .map(([name, written]) => claim(name, written, found));
  const wanted = new Map(
    claims.flatMap(({ name, found: match }) => (match === undefined ? [] : [[match.at, name] as const])),
  );
  const adopted = found.filter(({ at, certainty }) => certainty === 'guess' && wanted.has(at));
  const book = meet(known, [...sure, ...adopted], wanted);
  const claimed = claims.map(planOf);
  const names = new Set(claimed.map(({ name }) => name));
  const here = sure.filter(({ at }) => !wanted.has(at)).map((device) => harvested(device, book, scheme));
  const present = new Set(found.map(({ at }) => at));
  const away = Object.entries(book)
    .filter(([at, { name }]) => !present.has(at) && !names.has(name))
    .map(([at, acquaintance]) => lost(at, acquaintance, scheme));
  const devices = [...claimed, ...here, ...away].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { plan: { node, publish: scheme.publish, devices }, book, problems: problemsOf(claims, scheme, devices) };
}

function claim(name: string, written: DeviceText, found: readonly Found[]): Claim {
  const alike = found.filter(
    ({ kind, at }) => kind === written.kind && (written.at === undefined || at === written.at),
  );
  const [match, ...more] = alike;
  if (match !== undefined && more.length === 0) return { name, written, found: match };
  if (match === undefined) return { name, written };
  const places = alike.map(({ at }) => at).join(', ');
  const message = `${alike.length} devices are a ${written.kind}: ${places}`;
  const fix = `Say which:  ${name}: {kind: ${written.kind}, at: "${match.at}"}`;
  return { name, written, problem: { path: ['devices', name], onKey: true, code: 'HB232', message, fix } };
}

function planOf({ name, written, found, problem }: Claim): DevicePlan {
  const kind = written.kind ?? '';
  const at = found?.at ?? written.at ?? `${kind}:${name}`;
  const provenance: Provenance = found?.provenance ?? { source: 'scheme', why: 'a person wrote it down' };
  return {
    name,
    kind,
    at,
    group: found?.group ?? 'scheme',
    ...(found?.about === undefined ? {} : { about: found.about }),
    options: { ...(found?.options ?? placeOption(written)), ...written.options },
    points: written.points,
    ...(written.publish === undefined ? {} : { publish: written.publish }),
    ...(written.guards === undefined ? {} : { guards: written.guards }),
    provenance,
    origin: 'file',
    ...(problem === undefined ? {} : { lost: true }),
  };
}

/** A device that no harvest finds is opened at the place that a person wrote. */
function placeOption({ at }: DeviceText): Readonly<Record<string, unknown>> {
  return at === undefined ? {} : { at };
}

function tuned(name: string, scheme: Scheme): Pick<DevicePlan, 'guards' | 'points' | 'publish'> {
  const written = scheme.devices[name];
  if (written === undefined || written.kind !== undefined) return { points: {} };
  const { points, publish, guards } = written;
  return { points, ...(publish === undefined ? {} : { publish }), ...(guards === undefined ? {} : { guards }) };
}

function harvested(device: Found, book: NameBook, scheme: Scheme): DevicePlan {
  const { kind, at, group, about, options, provenance } = device;
  const name = book[at]?.name ?? device.name;
  const facts = { name, kind, at, group, options, provenance, origin: 'harvest' as const };
  return { ...facts, ...(about === undefined ? {} : { about }), ...tuned(name, scheme) };
}

function lost(at: string, acquaintance: Acquaintance, scheme: Scheme): DevicePlan {
  const provenance = { source: 'memory', why: 'it was here before; the harvest does not find it now' };
  return { ...acquaintance, at, provenance, origin: 'harvest', lost: true, ...tuned(acquaintance.name, scheme) };
}

function problemsOf(claims: readonly Claim[], scheme: Scheme, devices: readonly DevicePlan[]): PathProblem[] {
  const ambiguous = claims.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const names = devices.map(({ name }) => name);
  const nobody = Object.entries(scheme.devices)
    .filter(([name, { kind }]) => kind === undefined && !names.includes(name))
    .map(([name]): PathProblem => {
      const message = `no device "${name}" is found here, so there is nothing to tune`;
      const fix = `Found are: ${names.join(', ')}. A new device needs its kind:  ${name}: {kind: ...}`;
      return { path: ['devices', name], onKey: true, code: 'HB233', severity: 'warning', message, fix };
    });
  return [...ambiguous, ...nobody];
}
