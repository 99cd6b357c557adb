import { nearest } from '../near.ts';
import type { PointSpec } from '../point.ts';
import { dimensionOf } from '../units.ts';
import { findName } from './find-name.ts';
import { readSpan, WEEK_MS } from './read-span.ts';
import { type Scope, type TermReader, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { Term } from './test.ts';
import { inUnit, type TermType, type Typed, typeOfPoint, typeOfVariable } from './typed-term.ts';

type Call = Extract<Expression, { is: 'call' }>;
type WindowName = Extract<Term, { op: 'window' }>['fn'];

const WINDOWS: readonly string[] = ['avg', 'count', 'max', 'min', 'rate', 'sum'];
const FUNCTIONS: readonly string[] = [...WINDOWS, 'abs', 'age', 'round'];

function isWindow(name: string): name is WindowName {
  return WINDOWS.includes(name);
}

/** `avg(point, 1h)`, `age(point)`, `abs`, `round`, `min` and `max` of several values. */
export function checkCall(call: Call, scope: Scope, read: TermReader): Typed | undefined {
  const { name, args } = call;
  if (!FUNCTIONS.includes(name)) return unknownCall(call, scope);
  if (isWindow(name) && args.length === 2 && isTime(name, args[1])) return checkWindow(call, name, scope);
  if (name === 'age') return checkAge(call, scope);
  if (name === 'abs' || name === 'round') {
    if (args.length === 1) return computed(call, name, scope, read);
    return wrongArguments(call, scope, `${name} needs one value`, `${name}(air.temperature)`);
  }
  if ((name === 'max' || name === 'min') && args.length >= 2) return computed(call, name, scope, read);
  return wrongArguments(call, scope, `${name} needs a point and a time`, `${name}(air.temperature, 1h)`);
}

/** `min(a, b)` has no time; every other window needs one. */
function isTime(name: WindowName, time: Expression | undefined): boolean {
  return time?.is === 'number' && (dimensionOf(time.unit) === 'time' || (name !== 'min' && name !== 'max'));
}

function computed(call: Call, fn: 'abs' | 'max' | 'min' | 'round', scope: Scope, read: TermReader): Typed | undefined {
  const { args, at } = call;
  const typed = args.map((arg) => read(arg, scope)).filter((arg) => arg !== undefined);
  const same = alike(typed, scope);
  if (same === undefined || same.length !== args.length) return undefined;
  const type = same.find((arg) => arg.type.is === 'number')?.type ?? { is: 'number' };
  return { term: { op: 'call', fn, args: same.map(({ term }) => term) }, type, isLiteral: false, at, from: call };
}

function unknownCall({ name, at }: Call, scope: Scope): undefined {
  const near = nearest(name, FUNCTIONS);
  const advice = near === undefined ? {} : { fix: near };
  const suggestion = near === undefined ? `there are ${FUNCTIONS.toSorted().join(', ')}` : `did you mean ${near}?`;
  const span = [at[0], at[0] + name.length] as const;
  tell(scope, { within: span, code: 'HB304', message: `there is no function "${name}"`, suggestion, ...advice });
}

function wrongArguments({ at }: Call, scope: Scope, message: string, example: string): undefined {
  tell(scope, { within: at, code: 'HB304', message, suggestion: `as in ${example}` });
}

/** All in the unit of the first that has one. */
function alike(typed: readonly Typed[], scope: Scope): readonly Typed[] | undefined {
  const unit = typed.map(({ type }) => (type.is === 'number' ? type.unit : undefined)).find((one) => one !== undefined);
  const shaped = typed.map((arg) => {
    if (arg.type.is === 'any' || (arg.type.is === 'number' && unit === undefined)) return arg;
    const same = unit === undefined ? undefined : inUnit(arg, unit, arg.type.is === 'number' && arg.type.span === true);
    const fault = { within: arg.at, code: 'HB306', suggestion: 'all values need the same sort of unit' };
    return same ?? tell(scope, { ...fault, message: 'this value does not go with those before it' });
  });
  const right = shaped.filter((arg) => arg !== undefined);
  return right.length === shaped.length ? right : undefined;
}

type Known = { readonly name: string; readonly type: TermType; readonly spec?: PointSpec };

/** The point that a call is about. Events may be counted. */
function pointOf(call: Call, scope: Scope): Known | undefined {
  const [arg] = call.args;
  if (arg?.is !== 'name') {
    return wrongArguments(call, scope, `${call.name} needs the name of a point`, `${call.name}(air.temperature)`);
  }
  const meaning = findName(arg.text, { home: scope.home, words: scope.words, settable: false });
  if (meaning.is === 'wrong') {
    scope.missing.add(arg.text);
    return tell(scope, { within: arg.at, ...meaning.fault });
  }
  if (meaning.is === 'missing') {
    tell(scope, { within: arg.at, ...meaning.fault });
    scope.missing.add(arg.text);
    return { name: arg.text, type: { is: 'any' } };
  }
  if (meaning.is === 'variable') return { name: meaning.name, type: typeOfVariable(meaning.variable) };
  return { name: meaning.name, type: typeOfPoint(meaning.spec), spec: meaning.spec };
}

function checkAge(call: Call, scope: Scope): Typed | undefined {
  if (call.args.length !== 1) return wrongArguments(call, scope, 'age needs one point', 'age(air.temperature)');
  const point = pointOf(call, scope);
  if (point === undefined) return undefined;
  const type = { is: 'number', unit: 'ms', span: true } as const;
  return { term: { op: 'age', point: point.name }, type, isLiteral: false, at: call.at, from: call };
}

function checkWindow(call: Call, fn: WindowName, scope: Scope): Typed | undefined {
  const point = pointOf(call, scope);
  const [arg, time] = call.args;
  const ms = time === undefined ? undefined : readSpan(time, { key: 'a window', maxMs: WEEK_MS }, scope);
  if (point === undefined || arg === undefined || ms === undefined) return undefined;
  const { type } = point;
  if (fn !== 'count' && type.is !== 'number' && type.is !== 'any') {
    const message = `${fn} needs a number, and this is ${type.is === 'boolean' ? 'on or off' : 'not one'}`;
    return tell(scope, { within: arg.at, code: 'HB305', message, suggestion: 'count works with every point' });
  }
  const term: Term = { op: 'window', fn, point: point.name, ms };
  const unit = type.is === 'number' && fn !== 'count' ? type.unit : undefined;
  const number = unit === undefined ? {} : { unit, ...(fn === 'rate' ? { span: true } : {}) };
  return { term, type: { is: 'number', ...number }, isLiteral: false, at: call.at, from: call };
}
