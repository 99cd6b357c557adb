import { describe, expect, test } from 'vitest';
import { isNestedDeeper } from '../../src/schemes/json-depth.ts';

describe('isNestedDeeper', () => {
  test.each([
    ['', 0, false],
    ['1', 0, false],
    ['[1]', 0, true],
    ['{"a":[1,{"b":2}]}', 3, false],
    ['{"a":[1,{"b":2}]}', 2, true],
    ['[[],[],[],[]]', 2, false],
    ['{"v":"[[[[[[\\"{{{{"}', 1, false],
    ['{"v":"\\\\","w":[[1]]}', 2, true],
    ['"\\', 0, false],
    ['['.repeat(1_000_000), 64, true],
  ])('%#', (text, levels, isDeeper) => {
    expect(isNestedDeeper(text, levels)).toBe(isDeeper);
  });
});
