import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeLog } from '../../src/kit/log.ts';
import type { LogWriter } from '../../src/kit/log-output.ts';
import { openOutbox } from '../../src/outbox/open-outbox.ts';
import { machineMs } from './events.ts';
import { recordsIn } from './outside.ts';

/** A record so often, ms. */
const BEAT_MS = 10;

/** What is kept small, so that every place of every file can be spoilt within minutes. */
const SMALL = { segmentBytes: 8_192, limits: { alarmBytes: 8_192 } };

/**
 * The outbox of the node, where the node has it, with a destination that is away while the node lives: what earlier lives
 * left is brought and told outside, and then 100 `sync` records a second are put in, each told when it is accepted.
 */
export async function startRecords(folder: string, writeLog: LogWriter): Promise<() => Promise<void>> {
  const outside = openSync(recordsIn(folder), 'a');
  const tell = (line: string): void => void writeSync(outside, `${line}\n`);
  const log = makeLog(writeLog, 'info', Date.now).child({ service: 'outbox' });
  const outbox = await openOutbox({ path: join(folder, 'data', 'outbox'), clock: makeSystemClock(), log, ...SMALL });
  const reader = outbox.reader('away');
  for (let some = await reader.pull(500); some.length > 0; some = await reader.pull(500)) {
    for (const one of some) {
      tell(one.kind === 'item' ? `found ${Buffer.from(one.payload).toString().trim()}` : `gap ${one.reason}`);
      reader.ack(one.position);
    }
  }
  const from = machineMs();
  let count = 0;
  const add = (): void => {
    for (; count * BEAT_MS < machineMs() - from; count += 1) {
      const id = `${Math.round(from * 1_000).toString(36)}.${count}`;
      const payload = Buffer.from(id.padEnd(20 + ((count * 31) % 200)));
      const item = { class: 'sync', topic: `records/${count % 7}`, payload, time: Date.now(), keep: 'all' } as const;
      outbox.offer(item, (error) => tell(error === undefined ? `accepted ${id} ${machineMs()}` : `refused ${id}`));
    }
  };
  const timer = setInterval(add, BEAT_MS);
  return async () => {
    clearInterval(timer);
    await outbox.close();
  };
}
