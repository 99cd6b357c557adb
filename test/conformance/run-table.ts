import { describe, expect, test } from 'vitest';
import { openWorld, TRANSPORTS } from './harness.ts';
import { type Proof, problemsOf, type Table } from './table.ts';

/** Runs every test of a table over memory and over a socket, and checks that the table itself is true. */
export function runTable(table: Table): void {
  test(`${table.title}: every statement that binds servers has a test or an exception`, () => {
    expect(problemsOf(table)).toEqual([]);
  });
  describe.each(TRANSPORTS)(`${table.title} over %s`, (transport) => {
    for (const proof of table.proofs) {
      const define = proof.fails === true ? test.fails : test;
      define(titleOf(proof), async () => {
        const world = await openWorld(transport, table.version, proof.world);
        try {
          await proof.run(world);
        } finally {
          await world.close();
        }
      });
    }
  });
}

const titleOf = ({ name, proves }: Proof): string => `${name} [${proves.join(', ')}]`;
