// A process that puts items into an outbox and says which were accepted, until it is killed.
// Arguments: folder, first number. Says: `found <number> <class>`, `gap <count> <reason>`, `ready`, `accepted <number>`,
// `acknowledged <number>`, `log <text>`.
import { writeSync } from 'node:fs';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeLog } from '../../src/kit/log.ts';
import { openOutbox } from '../../src/outbox/open-outbox.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const log = makeLog(({ text, fields }) => say(`log ${text} ${JSON.stringify(fields)}`), 'warn', Date.now);
const outbox = await openOutbox({
  path,
  log,
  clock: makeSystemClock(),
  segmentBytes: 16_384,
  noteMs: 20,
  limits: { alarmBytes: 0, window: 1_000_000 },
});
const reader = outbox.reader('cloud');
outbox.reader('never reads');

/** All that waits; none of it is acknowledged. */
let found = 0;
for (let pulled = await reader.pull(1_000); pulled.length > 0; pulled = await reader.pull(1_000)) {
  for (const one of pulled) {
    if (one.kind === 'gap') say(`gap ${one.count ?? 0} ${one.reason}`);
    else {
      found += 1;
      say(`found ${Number.parseInt(Buffer.from(one.payload).toString(), 10)} ${one.class}`);
    }
  }
}
if (found !== reader.counts.queued) say(`log ${found} found, ${reader.counts.queued} counted`);
reader.rewind();
say('ready');

/** The number that was read last is told before it is acknowledged: it may come again, never one that was not told. */
async function read(): Promise<void> {
  const pulled = await reader.pull(20);
  for (const one of pulled) {
    if (one.kind === 'item') say(`acknowledged ${Number.parseInt(Buffer.from(one.payload).toString(), 10)}`);
    reader.ack(one.position);
  }
}

for (let n = Number(first); ; n += 1) {
  const payload = Buffer.from(`${n} ${'x'.repeat((n * 31) % 300)}`);
  const isLazy = n % 5 === 4;
  const kind = isLazy ? 'lazy' : 'sync';
  const added = outbox.add({ class: kind, topic: `t/${n % 7}`, payload, time: Date.now(), keep: 'all' });
  if (isLazy) continue;
  const told = added.then(() => say(`accepted ${n}`));
  if (n % 8 === 0) await told;
  if (n % 40 === 0) await read();
}
