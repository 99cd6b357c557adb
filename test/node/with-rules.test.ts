import { expect, it } from 'vitest';
import { withRules } from '../../src/node/with-rules.ts';
import type { Problem } from '../../src/schemes/problem.ts';

const waits = (name: string): Problem => ({
  code: 'HB303',
  severity: 'note',
  message: `"${name}" is not in this scheme`,
});
const wrong: Problem = { code: 'HB311', severity: 'error', message: 'not a number' };

it('tells each problem once, that of the file with its place', () => {
  const place = { file: 'hanbus.yaml', line: 3, column: 5, length: 4 };
  const placed = { ...waits('garden.door'), place };
  expect(withRules([wrong, placed], [waits('garden.door'), wrong])).toEqual([wrong, placed]);
  expect(withRules([], [waits('garden.door'), waits('garden.door')])).toEqual([waits('garden.door')]);
});

it('does not go on about what was found since the file was read', () => {
  expect(withRules([wrong, waits('board.load')], [])).toEqual([wrong]);
});
