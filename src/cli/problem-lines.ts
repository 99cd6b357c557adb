import type { StatusAnswer } from '../schemes/contracts.ts';
import { severityMark } from './marks.ts';
import type { Screen } from './screen.ts';

type ProblemAnswer = StatusAnswer['health'][number];

/** A problem that a node told: what, where, its code, and the fix on a line of its own. */
export function problemLines(problem: ProblemAnswer, screen: Screen): string[] {
  const { severity, message, code, fix, suggestion } = problem;
  const place = placeText(problem);
  const first = `${severityMark(severity, screen)} ${place}${message}   ${screen.tint('dim', code)}`;
  const hint = suggestion === undefined || suggestion === fix ? [] : [`  ${capital(suggestion)}`];
  return [first, ...hint, ...(fix === undefined ? [] : [`  Fix: ${screen.tint('bold', fix)}`])];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function placeText({ file, line, column }: ProblemAnswer): string {
  if (file === undefined) return '';
  const at = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${at}   `;
}
