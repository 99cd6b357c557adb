import { checkField } from '../check-field.ts';
import { nameProblem } from '../check-node.ts';
import { wrongSort } from '../field-problems.ts';
import { isName, nameFrom } from '../names.ts';
import type { PathProblem } from '../path-problem.ts';
import { unitOf } from '../units.ts';
import { isRecord, scalarText, shortValue, yamlValue } from '../yaml-value.ts';
import { readTrigger } from './read-trigger.ts';
import { constOf } from './read-value.ts';
import type { Variable } from './rule.ts';
import { variableSchema } from './rules-schema.ts';
import type { RulesText } from './rules-text.ts';
import { type Scope, tell, within } from './scope.ts';

type Raw = Readonly<Record<string, unknown>>;

const RESETS = ['daily', 'monthly', 'never', 'weekly', 'yearly'] as const;
const TYPES = ['boolean', 'enum', 'number', 'text'] as const;

/** The variables of `home:` by name. Their counters are read later, when all names are known. */
export function readVariables(raw: RulesText['home'], problems: PathProblem[]): ReadonlyMap<string, Variable> {
  const read = Object.entries(raw).map(([name, value]) => [name, readVariable(name, value, problems)] as const);
  return new Map(read.flatMap(([name, variable]) => (variable === undefined ? [] : [[name, variable] as const])));
}

function readVariable(name: string, raw: unknown, problems: PathProblem[]): Variable | undefined {
  const path = ['home', name];
  if (!isName(name))
    problems.push({ path, onKey: true, ...nameProblem(name, 'mode'), fix: `${nameFrom(name, 'mode')}:` });
  if (!isRecord(raw)) {
    const fix = Array.isArray(raw) ? `${name}: {values: ${yamlValue(raw)}}` : undefined;
    problems.push(wrongSort('a map (values, initial)', raw, path, fix));
    return undefined;
  }
  const found: PathProblem[] = [];
  checkField(variableSchema(), raw, path, { problems: found });
  problems.push(...found);
  return found.length > 0 ? undefined : shaped(name, raw, problems);
}

function shaped(name: string, raw: Raw, problems: PathProblem[]): Variable | undefined {
  const say = (key: string, message: string, suggestion: string, fix?: string): undefined => {
    problems.push({
      path: ['home', name, key],
      code: 'HB315',
      message,
      suggestion,
      ...(fix === undefined ? {} : { fix }),
    });
    return undefined;
  };
  const values = Array.isArray(raw.values) ? raw.values.map(String) : undefined;
  if (values !== undefined && new Set(values).size < Math.max(2, values.length)) {
    return say('values', 'a variable needs two different words at least', 'add another', 'values: [home, away]');
  }
  const unit = typeof raw.unit === 'string' ? unitOf(raw.unit) : undefined;
  if (raw.unit !== undefined && unit === undefined)
    return say('unit', `"${shortValue(raw.unit)}" is not a unit`, 'as in °C');
  const type = typeOf(raw, values);
  if ((values !== undefined) !== (type === 'enum'))
    return say('type', 'enum and values belong together', 'write values: [...]');
  if (unit !== undefined && type !== 'number')
    return say('unit', `${type} has no unit`, 'delete the unit, or make it a number');
  const variable: Variable = {
    name,
    type,
    ...(unit === undefined ? {} : { unit }),
    ...(values === undefined ? {} : { values }),
  };
  return withInitial(variable, raw, problems);
}

function typeOf(raw: Raw, values: readonly string[] | undefined): Variable['type'] {
  const written = TYPES.find((type) => type === raw.type);
  if (written !== undefined) return written;
  if (values !== undefined) return 'enum';
  if (raw.counter !== undefined || raw.unit !== undefined || typeof raw.initial === 'number') return 'number';
  return typeof raw.initial === 'boolean' || raw.initial === 'on' || raw.initial === 'off' ? 'boolean' : 'text';
}

function withInitial(variable: Variable, raw: Raw, problems: PathProblem[]): Variable | undefined {
  const { name, type, unit, values } = variable;
  const reset = RESETS.find((one) => one === raw.reset);
  if (raw.reset !== undefined && raw.counter === undefined) {
    const path = ['home', name, 'reset'];
    problems.push({
      path,
      onKey: true,
      code: 'HB315',
      message: 'only a counter starts again',
      suggestion: 'add counter: or delete reset',
    });
  }
  const whole: Variable = { ...variable, ...(reset === undefined ? {} : { reset }) };
  if (raw.initial === undefined) return raw.counter === undefined ? whole : { ...whole, initial: 0 };
  const scope = noScope(['home', name, 'initial'], problems);
  const spec = { type, ...(unit === undefined ? {} : { unit }), ...(values === undefined ? {} : { values }) };
  const initial = constOf(scalarText(raw.initial) ?? shortValue(raw.initial), spec, scope);
  return initial === undefined ? undefined : { ...whole, initial };
}

/** A constant needs no names. */
function noScope(path: Scope['path'], problems: PathProblem[]): Scope {
  const home = { node: '', devices: new Map(), peers: [], unknown: 'refuse' } as const;
  const words = { groups: new Map(), rules: [], scenes: [], services: [], variables: new Map() };
  return { home, words, missing: new Set(), problems, path, onKey: false, offset: 0 };
}

/** The variables with what they count. One that waits for a point is there, and stays at its value. */
export function countersOf(
  raw: RulesText['home'],
  variables: ReadonlyMap<string, Variable>,
  scope: Scope,
): readonly Variable[] {
  return [...variables.values()].map((variable) => {
    const written = raw[variable.name];
    const text = isRecord(written) ? written.counter : undefined;
    if (text === undefined) return variable;
    if (variable.type !== 'number') {
      const message = `a counter is a number, and home.${variable.name} is ${variable.type}`;
      tell(within(scope, variable.name, 'counter'), { code: 'HB315', message, suggestion: 'delete values or type' });
      return variable;
    }
    const missing = new Set<string>();
    const counter = readTrigger(text, false, { ...within(scope, variable.name, 'counter'), missing });
    return counter === undefined || missing.size > 0 ? variable : { ...variable, counter };
  });
}
