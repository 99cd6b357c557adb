import type { OutboxAnswer } from '../schemes/outbox-contracts.ts';
import { bytesText } from './amounts.ts';
import { columns } from './columns.ts';
import type { Screen } from './screen.ts';
import { counted } from './spans.ts';

type Ledger = Omit<OutboxAnswer['readers'][number], 'name' | 'topics'>;

/** Topics shown of each reader. */
const SHOWN = 10;

/** `hanbus outbox`: what waits, and the ledger of each destination. */
export function outboxLines(answer: OutboxAnswer, screen: Screen): string[] {
  const { node, records, bytes, diskBytes, memoryBytes, written, state, why, room } = answer;
  const title = [screen.tint('bold', node), `${counted(records, 'message')} waiting, ${bytesText(bytes)}`];
  const trouble = [
    ...(state === 'ok' ? [] : [screen.tint('red', `✗ the disk refuses${why === undefined ? '' : `: ${why}`}`)]),
    ...(room === 'ok' ? [] : [screen.tint('yellow', '▲ the disk is nearly full')]),
  ];
  const rows = [
    [
      'disk',
      `${bytesText(diskBytes)} in files; ${bytesText(written.bytes)} written in ${counted(written.syncs, 'sync')}`,
    ],
    ['memory', `${bytesText(memoryBytes)} not on the disk`],
    ['refused', refusedText(answer)],
  ];
  return [title.join(' · '), ...trouble, '', ...columns(rows), '', ...readerLines(answer, screen)];
}

function refusedText({ refused, unclaimed }: OutboxAnswer): string {
  const reasons = Object.entries(refused).map(([code, count]) => `${count} (${code})`);
  return `${reasons.length === 0 ? 'none' : reasons.join(', ')}; ${unclaimed} wanted by nobody`;
}

function readerLines({ readers }: OutboxAnswer, screen: Screen): string[] {
  if (readers.length === 0) return ['Nobody reads from the outbox.'];
  const head = ['reader', 'accepted', 'delivered', 'queued', 'expired', 'replaced', 'lost'];
  const rows = readers.flatMap((reader) => [
    [reader.name, ...cells(reader)],
    ...reader.topics.slice(0, SHOWN).map((topic) => [`  ${topic.topic}`, ...cells(topic)]),
    ...(reader.topics.length > SHOWN ? [[screen.tint('dim', `  and ${reader.topics.length - SHOWN} more`)]] : []),
  ]);
  return columns([head, ...rows], ['left', ...head.slice(1).map(() => 'right' as const)]);
}

function cells({ accepted, delivered, queued, expired, dropped }: Ledger): string[] {
  const { age, full, damage, superseded } = dropped;
  return [accepted, delivered, queued, expired, superseded, age + full + damage].map(String);
}
