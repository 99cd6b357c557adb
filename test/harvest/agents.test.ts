import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AGENTS } from '../../src/harvest/agents.ts';

const folder = new URL('../../src/harvest/', import.meta.url);

it('lists every agent file once, under its own name', () => {
  const files = readdirSync(folder).filter((name) =>
    readFileSync(new URL(name, folder), 'utf8').includes('export const agent: Agent'),
  );
  expect(AGENTS.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});
