import type { ScanAnswer } from '../../schemes/contracts.ts';
import { askScan } from '../ask.ts';
import { columns } from '../columns.ts';
import type { Screen } from '../screen.ts';
import { counted } from '../spans.ts';
import type { Verb } from '../verb.ts';
import { wrap } from '../wrap.ts';

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
const HEADS = ['  NAME', 'WHAT', 'GROUP', 'PLACE', ''];

function deviceLines(devices: readonly Scanned[], screen: Screen, long: boolean): string[] {
  if (devices.length === 0) return ['', 'Nothing was found. Plug something in and scan again.'];
  const sorted = devices.toSorted((one, other) => order(one) - order(other));
  const rows = sorted.map((device) => deviceRow(device, screen, long));
  const used = HEADS.map((head, column) => (rows.some((row) => row[column] !== '') ? head : ''));
  const [heads = '', ...lines] = columns([used, ...rows]);
  return [
    '',
    screen.tint('dim', heads),
    ...sorted.flatMap(({ kind, provenance }, index) => [
      lines[index] ?? '',
      ...(long ? [`      ${screen.tint('dim', `${kind}: ${provenance.why} (${provenance.source})`)}`] : []),
    ]),
  ];
}

/** The board itself comes first. */
function order({ group }: Scanned): number {
  return group === 'board' ? 0 : 1;
}

function deviceRow(device: Scanned, screen: Screen, long: boolean): string[] {
  const { name, kind, at, group, about = kind, certainty, change } = device;
  const mark = change === undefined ? ' ' : screen.tint(change === 'gone' ? 'yellow' : 'green', MARKS[change]);
  const word = [change, certainty === 'guess' ? 'a guess' : undefined].filter((part) => part !== undefined);
  // What belongs to the board itself is not chosen by its place.
  const place = (group === 'board' && !long) || at === group ? '' : at;
  return [`${mark} ${screen.tint('bold', name)}`, about, group, place, word.join(', ')];
}

function seenLines(seen: ScanAnswer['seen'], screen: Screen, long: boolean): string[] {
  if (seen.length === 0) return [];
  const lines = columns(seen.map(({ group, what }) => [`  ${group}`, what]));
  const indent = ' '.repeat(Math.max(...seen.map(({ group }) => group.length)) + 4);
  const all = seen.flatMap(({ fix, source, why }, index) => [
    lines[index] ?? '',
    ...wrap(long ? `${why} (${source})` : why, screen.columns - indent.length).map(
      (line) => `${indent}${screen.tint('dim', line)}`,
    ),
    ...(fix === undefined ? [] : [`${indent}Fix: ${screen.tint('bold', fix)}`]),
  ]);
  return ['', 'Seen and left alone', ...all];
}
