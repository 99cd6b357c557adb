import { expect, test } from 'vitest';
import { client, type Exception, notYet, type Proof, problemsOf, type Reference, server, type Table } from './table.ts';

const statements = [server('3.1.0-1', 'One.'), server('3.1.0-2', 'Two.'), client('3.1.2-20', 'Three.')];
const why = 'A reason that is long enough to be one.';

const proof = (name: string, ...proves: string[]): Proof => ({ name, proves, run: async () => undefined });

function table(proofs: Proof[], exceptions: Exception[] = [], references: Reference[] = []): Table {
  return { title: 'MQTT', version: 5, statements, proofs, exceptions, references };
}

test('a table with a test or an exception for every statement that binds servers is complete', () => {
  expect(problemsOf(table([proof('a', 'MQTT-3.1.0-1')], [{ id: 'MQTT-3.1.0-2', why }]))).toEqual([]);
  expect(problemsOf(table([proof('a', 'MQTT-3.1.0-1', 'MQTT-3.1.0-2', 'MQTT-3.1.2-20')]))).toEqual([]);
});

test('what is not true or not complete is told', () => {
  const both = proof('a', 'MQTT-3.1.0-1', 'MQTT-3.1.0-2');
  const here = 'test/conformance/table.test.ts';
  const reference = (name: string) => ({ proves: ['MQTT-3.1.0-1'], file: here, name });
  expect(problemsOf(table([proof('a', 'MQTT-3.1.0-1')]))).toEqual(['MQTT-3.1.0-2 has neither a test nor an exception']);
  expect(problemsOf(table([both, proof('a')]))).toEqual(['two tests are named: a']);
  expect(problemsOf(table([both, proof('b', 'MQTT-9.9.9-9')]))).toEqual(['MQTT-9.9.9-9 is not in the list']);
  expect(problemsOf(table([both], [{ id: 'MQTT-3.1.0-1', why }]))).toEqual([
    'MQTT-3.1.0-1 has an exception, and a test',
  ]);
  expect(problemsOf(table([both], [{ id: 'MQTT-3.1.2-20', why }]))).toEqual([
    'MQTT-3.1.2-20 binds clients, it needs no exception',
  ]);
  expect(problemsOf(table([proof('a', 'MQTT-3.1.0-1')], [{ id: 'MQTT-3.1.0-2', why: 'no' }]))).toEqual([
    'MQTT-3.1.0-2 has an exception without a reason',
  ]);
  expect(problemsOf(table([both], [], [reference('what is not true or not complete is told')]))).toEqual([]);
  expect(problemsOf(table([both], [], [reference(`a test ${'that is not there'}`)]))).toEqual([
    `${here} has no test: a test that is not there`,
  ]);
});

test('a test that the broker does not pass yet is marked, and must be there', () => {
  const proofs = [proof('a', 'MQTT-3.1.0-1'), proof('b', 'MQTT-3.1.0-2')];
  expect(notYet(proofs, ['b']).map(({ fails }) => fails)).toEqual([undefined, true]);
  expect(() => notYet(proofs, ['c'])).toThrow('no test is named: c');
});
