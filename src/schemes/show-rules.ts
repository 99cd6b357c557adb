import type { Path, PathProblem } from './path-problem.ts';
import type { DeviceText } from './scheme.ts';

/** Rules that fill in the lines of displays, by name, with the text of the scheme that each comes from. */
export interface ShowRules {
  readonly rules: Readonly<Record<string, unknown>>;
  readonly paths: ReadonlyMap<string, Path>;
}

const LONGEST_NAME = 32;
/** Terms that change with the minute, not with a reading. */
const CLOCK: ReadonlySet<string> = new Set(['time', 'weekday']);

/**
 * `show: ["{clock}", "in {air.temperature}"]` of a display as rules that set `line1` and `line2` whenever one of their
 * points changes, and each minute for the clock, and for what was not known at the start. A text without points needs no
 * rule: the driver shows it.
 */
export function showRules(devices: Readonly<Record<string, DeviceText>>): ShowRules {
  const rules: Record<string, unknown> = {};
  const paths = new Map<string, Path>();
  for (const [device, { options }] of Object.entries(devices)) {
    const texts: readonly unknown[] = Array.isArray(options.show) ? options.show : [];
    for (const [index, text] of texts.entries()) {
      if (typeof text !== 'string' || !text.includes('{')) continue;
      const name = nameOf(device, index + 1);
      rules[name] = showRule(`${device}.line${index + 1}`, text);
      paths.set(name, ['devices', device, 'show', index]);
    }
  }
  return { rules, paths };
}

function nameOf(device: string, line: number): string {
  const end = `_${line}`;
  return `${`show_${device}`.slice(0, LONGEST_NAME - end.length)}${end}`;
}

function showRule(target: string, text: string): unknown {
  const template = text.replace(/\{\s*clock\s*\}/g, '{time}');
  const names = [...new Set([...template.matchAll(/\{\s*([^{}:\s]+)/g)].map(([, name = '']) => name))];
  const points = names.filter((name) => !CLOCK.has(name)).map((name) => `${name} changed`);
  return { when: ['start', ...points, 'cron "* * * * *"'], then: { [target]: template }, about: `shows ${target}` };
}

/** Problems of such rules, at the texts that they come from; each text tells what is wrong with it once. */
export function atShownTexts(problems: readonly PathProblem[], { paths }: ShowRules): readonly PathProblem[] {
  const textOf = ({ path: [part, name] }: PathProblem) =>
    part === 'rules' && typeof name === 'string' ? paths.get(name) : undefined;
  // What is wrong with a name in the text is wrong with it in the trigger too.
  const inTexts = new Set(problems.filter(({ path }) => path[2] === 'then').map(textOf));
  return problems.flatMap((problem): readonly PathProblem[] => {
    const path = textOf(problem);
    if (path === undefined) return [problem];
    if (problem.path[2] !== 'then' && inTexts.has(path)) return [];
    const { code, severity, message, suggestion, fix } = problem;
    const advice = { ...(suggestion === undefined ? {} : { suggestion }), ...(fix === undefined ? {} : { fix }) };
    return [{ path, code, message, ...(severity === undefined ? {} : { severity }), ...advice }];
  });
}
