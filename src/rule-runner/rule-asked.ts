import { HanbusError } from '../kit/errors.ts';
import { nearest } from '../schemes/near.ts';
import { wordNames } from './rule-names.ts';
import type { RunnerParts } from './runner-parts.ts';

/** HB345 with the nearest name of a rule or a point. */
export function noSuchRule(asked: string, { book, map }: RunnerParts): HanbusError {
  const rules = [...book.rules, ...book.waiting.map(({ rule }) => ({ name: rule }))].map(({ name }) => name);
  const names = wordNames(map.home());
  const points = [...map.home().devices].flatMap(([device, specs]) =>
    Object.keys(specs ?? {}).map((point) => names.shortName(`${device}.${point}`)),
  );
  const near = nearest(asked, [...rules, ...points]);
  const shown = asked.slice(0, 60);
  const message = `there is no rule or point "${shown}"${near === undefined ? '' : `. Did you mean ${near}?`}`;
  return new HanbusError('HB345', message, { fix: near === undefined ? 'hanbus rule ls' : `hanbus why ${near}` });
}

/** Throws HB158 when it is missing. */
export function nameIn({ name }: Readonly<Record<string, unknown>>): string {
  if (typeof name === 'string' && name !== '' && name.length <= 200) return name;
  throw new HanbusError('HB158', 'the request needs "name", a text', { fix: '{"name":"water"}' });
}
