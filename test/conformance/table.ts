import { existsSync, readFileSync } from 'node:fs';
import type { World, WorldOptions } from './harness.ts';

/** Whom a normative statement of the specification binds. */
export type Bound = 'server' | 'client' | 'both';

export interface Statement {
  /** `MQTT-3.1.0-2` */
  readonly id: string;
  readonly who: Bound;
  /** In our own words. */
  readonly says: string;
}

/** A test of the broker that runs over memory and over a socket. */
export interface Proof {
  /** Ids of statements. */
  readonly proves: readonly string[];
  /** Unique in its table. */
  readonly name: string;
  /** The broker does not do so yet: the test is expected to fail. */
  readonly fails?: true;
  readonly world?: WorldOptions;
  readonly run: (world: World) => Promise<void>;
}

/** A test elsewhere in this checkout that proves statements. */
export interface Reference {
  readonly proves: readonly string[];
  /** From the root of the checkout. */
  readonly file: string;
  /** The name of the test, as it is written in the file. */
  readonly name: string;
}

/** Why no test proves a statement that binds servers. */
export interface Exception {
  readonly id: string;
  readonly why: string;
}

/** One version of the protocol: what it demands, and what shows that the broker does it. */
export interface Table {
  /** `MQTT 5.0` */
  readonly title: string;
  /** The protocol version in CONNECT. */
  readonly version: 4 | 5;
  readonly statements: readonly Statement[];
  readonly proofs: readonly Proof[];
  readonly references: readonly Reference[];
  readonly exceptions: readonly Exception[];
}

const statement = (who: Bound) => (id: string, says: string) => ({ id: `MQTT-${id}`, who, says }) satisfies Statement;

export const server = statement('server');
export const client = statement('client');
export const both = statement('both');

/** The tests, those with one of these names expected to fail. Throws when a name is not there. */
export function notYet(proofs: readonly Proof[], names: readonly string[]): Proof[] {
  const unknown = names.filter((name) => !proofs.some((proof) => proof.name === name));
  if (unknown.length > 0) throw new Error(`no test is named: ${unknown.join('; ')}`);
  return proofs.map((proof) => (names.includes(proof.name) ? { ...proof, fails: true } : proof));
}

/** Everything in the table that is not true or not complete, in words. */
export function problemsOf(table: Table): string[] {
  const known = new Map(table.statements.map(({ id, who }) => [id, who]));
  const named = [...table.proofs, ...table.references].flatMap(({ proves }) => proves);
  const proved = new Set(named);
  const excepted = new Set(table.exceptions.map(({ id }) => id));
  const isOpen = ({ id, who }: Statement) => who !== 'client' && !proved.has(id) && !excepted.has(id);
  return [
    ...twice(table.statements.map(({ id }) => id)).map((id) => `${id} is listed twice`),
    ...twice(table.proofs.map(({ name }) => name)).map((name) => `two tests are named: ${name}`),
    ...twice(table.exceptions.map(({ id }) => id)).map((id) => `${id} has two exceptions`),
    ...table.statements.filter(isOpen).map(({ id }) => `${id} has neither a test nor an exception`),
    ...[...new Set([...named, ...excepted])].filter((id) => !known.has(id)).map((id) => `${id} is not in the list`),
    ...[...excepted].filter((id) => proved.has(id)).map((id) => `${id} has an exception, and a test`),
    ...[...excepted]
      .filter((id) => known.get(id) === 'client')
      .map((id) => `${id} binds clients, it needs no exception`),
    ...table.exceptions.filter(({ why }) => why.length < 20).map(({ id }) => `${id} has an exception without a reason`),
    ...table.references
      .filter((reference) => !isThere(reference))
      .map(({ file, name }) => `${file} has no test: ${name}`),
  ];
}

function twice(words: readonly string[]): string[] {
  return [...new Set(words.filter((word, at) => words.indexOf(word) !== at))];
}

function isThere({ file, name }: Reference): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').includes(`'${name}'`);
}
