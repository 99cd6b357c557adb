import { Check } from 'typebox/schema';
import { expect, test } from 'vitest';
import type { Problem } from '../../src/schemes/problem.ts';
import { ProblemJson } from '../../src/schemes/problem-json.ts';
import { problemJson, problemsText, problemText } from '../../src/schemes/problem-text.ts';

const PROBLEM: Problem = {
  code: 'HB204',
  severity: 'error',
  message: 'unknown key "moister" in devices.soil.points',
  place: { file: '/etc/hanbus/hanbus.yaml', line: 7, column: 14, length: 7 },
  sourceLine: '    points: {moister: a0}',
  lineBefore: '    kind: ads1115',
  suggestion: 'the points of an ads1115 are a0, a1, a2, a3',
  fix: 'points: {a0: {name: moister}}',
};

const plain = (problem: Problem) => problemText(problem, { colour: false });
/** The text above the carets. */
function marked(problem: Problem): string {
  const [line = '', caret = ''] = plain(problem).split('\n').slice(-2);
  const start = caret.indexOf('^');
  return line.slice(start, start + caret.replace(/^[^^]*(\^+).*$/, '$1').length);
}

test('the form is that of every configuration error', () => {
  expect(plain(PROBLEM)).toBe(
    [
      '✗ /etc/hanbus/hanbus.yaml:7:14   unknown key "moister" in devices.soil.points                                HB204',
      '   6 |     kind: ads1115',
      '   7 |     points: {moister: a0}',
      '     |              ^^^^^^^ the points of an ads1115 are a0, a1, a2, a3.  Write:  points: {a0: {name: moister}}',
    ].join('\n'),
  );
});

test('a command is run, a text is written, and the same is not said twice', () => {
  expect(plain({ ...PROBLEM, suggestion: 'repair the file', fix: 'hanbus fmt' })).toContain(
    'repair the file.  Run:  hanbus fmt',
  );
  expect(plain({ ...PROBLEM, suggestion: 'median 5', fix: 'median 5' })).toMatch(/\^{7} Write: {2}median 5$/);
});

test('a problem without a place has its message, its code and its advice', () => {
  const problem: Problem = { code: 'HB153', severity: 'error', message: 'no node runs here', fix: 'hanbus up' };
  expect(plain(problem)).toBe(`✗ no node runs here${' '.repeat(90)}HB153\n   Run:  hanbus up`);
});

test('colour is only added, never needed', () => {
  const coloured = problemText(PROBLEM, { colour: true });
  const esc = String.fromCodePoint(27);
  expect(coloured).toContain(`${esc}[31m✗${esc}[0m`);
  const pieces = coloured.split(esc).map((part, index) => (index === 0 ? part : part.replace(/^\[\d+m/, '')));
  expect(pieces.join('')).toBe(plain(PROBLEM));
});

test('tabs do not displace the caret', () => {
  const sourceLine = '\tpoints:\t{moister: a0}';
  const place = { file: 'a.yaml', line: 7, column: 11, length: 7 };
  expect(marked({ ...PROBLEM, sourceLine, place })).toBe('moister');
});

test('wide characters and emoji count two cells, combining marks none', () => {
  const sourceLine = '{about: "湿度🌱e\u0301", moister: a0}';
  const place = { file: 'a.yaml', line: 7, column: sourceLine.indexOf('moister') + 1, length: 7 };
  const [, , , caret = ''] = plain({ ...PROBLEM, sourceLine, place }).split('\n');
  // Before the key: {about: " is 9 cells, 湿度🌱 are 6, é is 1, ", and the space are 3.
  expect(caret.indexOf('^')).toBe('     | '.length + 9 + 6 + 1 + 3);
});

test('a long line is cut around the caret', () => {
  const sourceLine = `devices: {${'a: bme280, '.repeat(60)}moister: a0}`;
  const place = { file: 'a.yaml', line: 7, column: sourceLine.indexOf('moister') + 1, length: 7 };
  const problem = { ...PROBLEM, sourceLine, place };
  expect(marked(problem)).toBe('moister');
  expect(plain(problem).split('\n')[2]?.length).toBeLessThan(120);
});

test('twenty are shown and the rest are counted', () => {
  const many = Array.from({ length: 23 }, () => PROBLEM);
  const text = problemsText(many, { colour: false });
  expect(text.match(/HB204/g)).toHaveLength(20);
  expect(text).toMatch(/\n… and 3 more problems; mend these first$/);
  expect(problemsText(many.slice(0, 20), { colour: false })).not.toContain('more');
});

test('the JSON form fits its contract', () => {
  expect(Check(ProblemJson, problemJson(PROBLEM))).toBe(true);
  expect(problemJson(PROBLEM)).toEqual({
    code: 'HB204',
    severity: 'error',
    message: PROBLEM.message,
    file: '/etc/hanbus/hanbus.yaml',
    line: 7,
    column: 14,
    suggestion: PROBLEM.suggestion,
    fix: PROBLEM.fix,
  });
});
