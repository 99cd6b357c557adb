import type { ScanAnswer } from '../../schemes/contracts.ts';
import { askScan } from '../ask.ts';
import { columns } from '../columns.ts';
import type { Screen } from '../screen.ts';
import { counted } from '../spans.ts';
import type { Verb } from '../verb.ts';

type Scanned = ScanAnswer['devices'][number];

export const verb: Verb = {
  name: 'scan',
  summary: 'look at the board now: what is new, gone, or seen and left alone',
  group: 'look',
  first: 6,
  options: [{ flags: '--long', about: 'also where each was found and why it was taken' }],
  examples: [
    { line: 'hanbus scan', about: 'after plugging something in' },
    { line: 'hanbus scan --long', about: 'why each device is what it is' },
  ],
  contract: 'scan',
  async run({ options, globals, screen, door }) {
    const scan = await askScan(await door());
    if (globals.json) screen.json(scan);
    else for (const line of scanLines(scan, screen, options.long === true)) screen.out(line);
    return 0;
  },
};

function scanLines({ node, devices, seen }: ScanAnswer, screen: Screen, long: boolean): string[] {
  const count = (change: Scanned['change']) => devices.filter((device) => device.change === change).length;
  const changes = (['new', 'back', 'gone'] as const).flatMap((change) =>
    count(change) === 0 ? [] : [`${count(change)} ${change}`],
  );
  const there = devices.length - count('gone');
  const news = changes.length === 0 ? ['nothing new'] : changes;
  const title = [screen.tint('bold', node), counted(there, 'device'), ...news].join(' · ');
  return [title, ...deviceLines(devices, screen, long), ...seenLines(seen, screen, long)];
}

const MARKS = { back: '+', gone: '-', new: '+' } as const;

function deviceLines(devices: readonly Scanned[], screen: Screen, long: boolean): string[] {
  const rows = devices.map(({ name, kind, at, group, about, certainty, change }) => {
    const mark = change === undefined ? ' ' : MARKS[change];
    const word = [change, certainty === 'guess' ? 'a guess' : undefined]
      .filter((part) => part !== undefined)
      .join(', ');
    const tinted = screen.tint(change === 'gone' ? 'yellow' : 'green', mark);
    return [`${tinted} ${group}`, screen.tint('bold', name), kind, about ?? '', at, word];
  });
  const lines = columns(rows);
  if (!long) return lines;
  return devices.flatMap(({ provenance }, index) => [
    lines[index] ?? '',
    `      ${screen.tint('dim', `${provenance.why} (${provenance.source})`)}`,
  ]);
}

function seenLines(seen: ScanAnswer['seen'], screen: Screen, long: boolean): string[] {
  if (seen.length === 0) return [];
  const lines = columns(seen.map(({ group, what, why }) => [`  ${group}`, what, why]));
  const all = seen.flatMap(({ fix, source }, index) => [
    lines[index] ?? '',
    ...(long ? [`      ${screen.tint('dim', source)}`] : []),
    ...(fix === undefined ? [] : [`      Fix: ${screen.tint('bold', fix)}`]),
  ]);
  return ['', 'Seen and left alone', ...all];
}
