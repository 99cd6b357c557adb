import { capital } from '../schemes/capital.ts';
import type { StatusAnswer } from '../schemes/contracts.ts';
import { ENVIRONMENT_PLACE } from '../schemes/problem.ts';
import { severityMark } from './marks.ts';
import type { Screen } from './screen.ts';
import { wrap } from './wrap.ts';

type ProblemAnswer = StatusAnswer['health'][number];

/** A problem that a node told: what, where, its code, and the fix on a line of its own. */
export function problemLines(problem: ProblemAnswer, screen: Screen): string[] {
  const { severity, message, code, fix, suggestion } = problem;
  const said = saidLines(`${placeText(problem)}${message}`, code, screen);
  const [first = '', ...rest] = said;
  const hint = suggestion === undefined || suggestion === fix ? [] : wrap(capital(suggestion), screen.columns - 2);
  const lines = [`${severityMark(severity, screen)} ${first}`, ...[...rest, ...hint].map((line) => `  ${line}`)];
  return [...lines, ...(fix === undefined ? [] : [`  Fix: ${screen.tint('bold', fix)}`])];
}

/** A message and its code, for lines that are indented by two. */
export function saidLines(message: string, code: string, screen: Screen): string[] {
  const lines = wrap(message, screen.columns - 2);
  const last = lines.pop() ?? '';
  const isRoomy = last.length + 3 + code.length <= screen.columns - 2;
  const tinted = screen.tint('dim', code);
  return isRoomy ? [...lines, `${last}   ${tinted}`] : [...lines, last, tinted];
}

function placeText({ file, line, column }: ProblemAnswer): string {
  if (file === undefined) return '';
  if (file.startsWith(ENVIRONMENT_PLACE)) return `${file}   `;
  const at = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${at}   `;
}
