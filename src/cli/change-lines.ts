import type { ApplyAnswer, SchemeAnswer } from '../schemes/contracts.ts';
import { columns } from './columns.ts';
import { diffLines } from './diff-lines.ts';
import type { Screen } from './screen.ts';
import { counted } from './spans.ts';

type Changes = NonNullable<ApplyAnswer['changes']>;
type Difference = Changes['devices'];

/** Texts by path; absent: no such file. */
export type FileTexts = Readonly<Record<string, string | undefined>>;

/** What another scheme means for the home, one line for each part that changes. */
export function changeLines(changes: Changes, screen: Screen): readonly string[] {
  const { devices, rules, scenes, groups, home, parts } = changes;
  const named = { devices, rules, scenes, groups, home };
  const rows = Object.entries(named)
    .filter(([, difference]) => isChanged(difference))
    .map(([name, difference]) => [`  ${name}`, membersText(difference, screen)]);
  const others = parts.length === 0 ? [] : [['  also', parts.join(', ')]];
  return [...columns([...rows, ...others]), `  ${untouchedText(changes)}`];
}

function isChanged({ added, changed, removed }: Difference): boolean {
  return added.length + changed.length + removed.length > 0;
}

function membersText({ added, changed, removed }: Difference, screen: Screen): string {
  const marked = (mark: string, tint: 'green' | 'red' | 'yellow', names: readonly string[]) =>
    names.map((name) => screen.tint(tint, `${mark} ${name}`));
  return [...marked('+', 'green', added), ...marked('~', 'yellow', changed), ...marked('-', 'red', removed)].join(
    '   ',
  );
}

/** `unchanged: 7 devices, 3 rules go on untouched` */
function untouchedText({ devices, rules }: Changes): string {
  return `unchanged: ${counted(devices.unchanged, 'device')}, ${counted(rules.unchanged, 'rule')} go on untouched`;
}

/** The texts of an answer, by path. */
export function textsOf({ files }: Pick<SchemeAnswer, 'files'>): FileTexts {
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}

/** Line by line what differs between two sets of files. */
export function filesDiff(before: FileTexts, after: FileTexts, note: string): readonly string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path) => {
    const [old = '', fresh = ''] = [before[path], after[path]];
    return old === fresh ? [] : diffLines(path, old, fresh, note);
  });
}
