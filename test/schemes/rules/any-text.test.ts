import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PathProblem } from '../../../src/schemes/path-problem.ts';
import { parseExpression } from '../../../src/schemes/rules/parse-expression.ts';
import { readRules } from '../../../src/schemes/rules/read-rules.ts';
import { offsetInSource } from '../../../src/schemes/text-offset.ts';
import { parseYaml } from '../../../src/schemes/yaml-parse.ts';
import { HOME_TEXT, KITCHEN, readOne, readWhen } from '../../fakes/home-points.ts';

const WORDS = [
  ...'and or not in is for on off open gone stale up true hysteresis changed rising falling'.split(' '),
  ...'air.temperature air.humidity lamp pump fan home.mode button.pressed garden.door fridge.x sun time weekday message'.split(
    ' ',
  ),
  ...'avg( count( max( abs( age( ( ) , .. < <= > >= = == != && ! + - * / % { } ; ° 🔥 \\ \u0000 \n'.split(' '),
  ...'28 28°C 30% 1h30min 5 0 0s 9d 07:30 25:00 1e999 .5 5. "a" "a \' \' every cron sunset start mon..fri 20..10'.split(
    ' ',
  ),
];
const soup = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 6, unit: 'binary' })), {
    maxLength: 25,
  })
  .chain((words) => fc.constantFrom(' ', '').map((gap) => words.join(gap)));

/** Each problem is inside the text that it is about. */
function placed(problems: readonly PathProblem[], text: string): void {
  for (const { within, message, code } of problems) {
    expect(message).not.toMatch(/undefined|NaN|\[object/);
    expect(code).toMatch(/^HB[23]\d\d$/);
    if (within === undefined) continue;
    expect(within[0]).toBeGreaterThanOrEqual(0);
    expect(within[1]).toBeGreaterThanOrEqual(within[0]);
    expect(within[1]).toBeLessThanOrEqual(text.length + 1);
  }
}

describe('any text', () => {
  test('as when, if, value and template is read or told, and never thrown at', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const when = readWhen(text);
        placed(when.problems, text);
        const isWrong = when.problems.some(({ severity = 'error' }) => severity === 'error');
        if (isWrong) expect(when.book.rules).toEqual([]);
        const { problems } = readOne({
          when: 'start',
          if: text,
          then: [{ fan: text }, { mail: text }, { lamp: `= ${text}` }],
        });
        placed(
          problems.filter(({ path }) => path[2] === 'if'),
          text,
        );
      }),
      { numRuns: 1_500 },
    );
  });

  test('is refused or read the same way each time', () => {
    fc.assert(
      fc.property(soup, (text) => {
        expect(readWhen(text)).toEqual(readWhen(text));
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['a thousand parentheses', `${'('.repeat(1_000)}lamp${')'.repeat(1_000)}`],
    ['a thousand nots', `${'not '.repeat(900)}lamp`],
    ['a thousand minuses', `${'-'.repeat(450)}5 > board.load`],
    ['a long sum', `${'1+'.repeat(1_900)}1 > board.load`],
    ['ten thousand characters', 'lamp or '.repeat(1_250)],
    ['a thousand units', '5°C'.repeat(1_000)],
    ['digits', '1'.repeat(3_999)],
    ['letters', 'é'.repeat(3_999)],
    ['a row of for', `lamp${' for 1s'.repeat(240)}`],
  ])('%s are refused or read at once', (_name, text) => {
    const before = performance.now();
    placed(readWhen(text).problems, text);
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('any data', () => {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(...WORDS, null, true, 5, '__proto__', 'toggle', 'on for 5s'),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const key = fc.constantFrom(
    ...[
      'when',
      'then',
      'else',
      'if',
      'tests',
      'given',
      'expect',
      'wait',
      'wait_until',
      'parallel',
      'publish',
      'scene',
      'topic',
    ],
    ...[
      'value',
      'json',
      'for',
      'timeout',
      'lamp',
      'fan',
      'mail',
      'home.mode',
      'rules.it',
      'lights',
      '__proto__',
      'constructor',
      'toString',
    ],
  );
  const data = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.dictionary(key, tie('any'), { maxKeys: 4 }),
      fc.array(tie('any'), { maxLength: 3 }),
    ),
  })).any;
  const part = fc.dictionary(fc.constantFrom('it', 'mode', 'lamp', 'constructor', '__proto__', 'X-'), data, {
    maxKeys: 3,
  });

  test('under rules, scenes, groups and home is read or told', () => {
    fc.assert(
      fc.property(fc.record({ rules: part, scenes: part, groups: part, home: part }), (text) => {
        const { problems, book } = readRules({ ...HOME_TEXT, ...text }, KITCHEN);
        for (const { path, code } of problems) {
          expect(code).toMatch(/^HB[23]\d\d$/);
          expect(['rules', 'scenes', 'groups', 'home']).toContain(path[0]);
        }
        expect(book.rules.length).toBeLessThanOrEqual(Object.keys(text.rules).length);
      }),
      { numRuns: 800 },
    );
  });
});

describe('the place of a character', () => {
  test.each([
    ['air.x', 4],
    ['"air.x"', 5],
    [String.raw`"\u00e4b.x"`, 9],
    [String.raw`"a\"b.x"`, 6],
    [`'it''s x'`, 6],
    ['>-\n    air x\n    and y', 7],
    ['|\n  a\n  b c', 5],
  ])('%s', (raw, expected) => {
    const said = String(parseYaml(`k: ${raw}\n`).document?.get('k'));
    const index = raw.startsWith('|')
      ? said.indexOf('b')
      : raw.startsWith('>')
        ? said.indexOf('air')
        : said.indexOf('x');
    const at = offsetInSource(raw, index);
    expect(raw[at]).toBe(said[index]);
    if (!/^[|>]/.test(raw)) expect(at).toBe(raw.lastIndexOf('x'));
    else expect(at).toBe(expected === 7 ? raw.indexOf('air') : raw.indexOf('b'));
  });

  test('in a text over several lines is right for every word', () => {
    const raw = '"air.temperature > 28\n    and lamp is on\n    or pump"';
    const said = String(parseYaml(`k: ${raw}\n`).document?.get('k'));
    for (const word of ['air', 'and', 'lamp', 'or', 'pump']) {
      expect(offsetInSource(raw, said.indexOf(word))).toBe(raw.indexOf(word));
    }
  });
});

test('signs of other languages are told all at once, and the rest is read', () => {
  const { faults } = parseExpression('a == 1 && b <> 2 || ! c');
  expect(faults.map(({ fix }) => fix)).toEqual(['=', 'and', '!=', 'or', 'not']);
});
