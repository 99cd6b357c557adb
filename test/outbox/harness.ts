import type { Delivery, NewItem } from '../../src/outbox/item.ts';
import { openOutbox } from '../../src/outbox/open-outbox.ts';
import type { Outbox, OutboxOptions } from '../../src/outbox/outbox.ts';
import type { OutboxFiles } from '../../src/outbox/outbox-files.ts';
import type { OutboxReader } from '../../src/outbox/reader.ts';
import { type FakeClock, makeFakeClock, settle } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import type { FakeDisk } from '../state/log/fake-disk.ts';

export const FOLDER = '/data/outbox';
export const START = 1_763_800_000_000;

/** The fake disk with what an outbox asks beyond a table. */
export function outboxFiles(disk: FakeDisk, free: () => number = () => 1e9): OutboxFiles {
  return {
    ...disk.files,
    free: async () => free(),
    adopt: async (from, to) => {
      await disk.files.move(from, to);
      return await disk.files.reopen(to, Number.POSITIVE_INFINITY);
    },
  };
}

export interface Bench {
  readonly outbox: Outbox;
  readonly clock: FakeClock;
  readonly lines: ReturnType<typeof makeFakeLog>['lines'];
  readonly codes: () => unknown[];
}

/** So small that a few items fill a segment; no room for alarms, which tests ask for. */
const SMALL = { segmentBytes: 1_000 };

export async function openOn(
  disk: FakeDisk,
  options: Partial<OutboxOptions> & { clock?: FakeClock } = {},
): Promise<Bench> {
  const clock = options.clock ?? makeFakeClock(START);
  const { log, lines } = makeFakeLog();
  const limits = { alarmBytes: 0, ...options.limits };
  const files = outboxFiles(disk);
  const outbox = await openOutbox({ path: FOLDER, log, files, random: () => 0.5, ...SMALL, ...options, clock, limits });
  const codes = (): unknown[] => lines.map(({ fields }) => fields.code).filter((code) => code !== undefined);
  return { outbox, clock, lines, codes };
}

/** An item about topic `t` with this text, 100 ms after the one before when numbers are given. */
export function item(text: string | number, more: Partial<NewItem> = {}): NewItem {
  const time = START + (typeof text === 'number' ? text * 100 : 0);
  return { class: 'sync', topic: 't', payload: Buffer.from(String(text)), time, keep: 'all', ...more };
}

/** What a delivery says, for people: the payload, or `gap 3 full`. */
export function shown(delivery: Delivery): string {
  if (delivery.kind === 'gap') return `gap ${delivery.count ?? '?'} ${delivery.reason}`;
  return Buffer.from(delivery.payload).toString();
}

/** Pulls all there is, in small bites; acknowledges when asked to. */
export async function drain(reader: OutboxReader, { ack = true, bite = 7 } = {}): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (;;) {
    const pulled = await reader.pull(bite);
    if (pulled.length === 0) return all;
    all.push(...pulled);
    if (ack) reader.ack(pulled.at(-1)?.position ?? 0);
    await settle(1);
  }
}

export const textsOf = async (reader: OutboxReader, options = {}): Promise<string[]> =>
  (await drain(reader, options)).map(shown);

/** accepted = delivered + queued + expired + dropped, for each reader and for each of its topics, and the sum over topics. */
export function checkLedger(outbox: Outbox): void {
  for (const [name, counts] of Object.entries(outbox.status.readers)) {
    const rows = [counts, ...outbox.countsByTopic(name).values()];
    let sum = 0;
    for (const [index, row] of rows.entries()) {
      const { age, full, damage, superseded } = row.dropped;
      const out = row.delivered + row.queued + row.expired + age + full + damage + superseded;
      if (row.accepted !== out) throw new Error(`${name}: ${row.accepted} accepted, ${out} accounted for`);
      if (row.queued < 0) throw new Error(`${name}: ${row.queued} queued`);
      if (index > 0) sum += row.accepted;
    }
    if (sum !== counts.accepted) throw new Error(`${name}: ${counts.accepted} accepted, ${sum} by topic`);
  }
}
