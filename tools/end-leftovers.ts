// Global set-up of vitest: after the tests no program of theirs runs on, whatever failed. Each inherits a mark in its
// environment; what still carries it at the end is killed, and named, because a test forgot it.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

export const MARK = 'HANBUS_TEST_RUN';

interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/** Vitest's own processes carry the mark too, and end by themselves. */
const isOfVitest = (command: string): boolean => /^vitest|\/vitest\//.test(command);

/** Programs started by the run with this mark that still run. */
export function leftoversOf(mark: string, proc = '/proc'): readonly Leftover[] {
  const found: Leftover[] = [];
  for (const name of readdirSync(proc)) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if (!textOf(`${proc}/${pid}/environ`).split('\0').includes(`${MARK}=${mark}`)) continue;
    const command = textOf(`${proc}/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    if (!isOfVitest(command)) found.push({ pid, command });
  }
  return found;
}

/** Nothing when the process has just ended or belongs to somebody else. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Kills what is left of the run with this mark; returns the commands. */
export function endLeftovers(mark: string): readonly string[] {
  const leftovers = leftoversOf(mark);
  for (const { pid } of leftovers) kill(pid);
  return leftovers.map(({ command }) => command);
}

/** Vitest calls this before the tests, and what it returns after them. */
export function setup(): () => void {
  const mark = randomUUID();
  process.env[MARK] = mark;
  return () => {
    for (const command of endLeftovers(mark)) {
      process.stderr.write(`ended a program that a test left behind: ${command}\n`);
    }
  };
}
