// A process that changes a table and says what is on the disk, until it is killed. Arguments: folder, first number.
import { writeSync } from 'node:fs';
import { makeSystemClock } from '../../../src/kit/clock.ts';
import { makeLog } from '../../../src/kit/log.ts';
import { openTable } from '../../../src/state/log/table.ts';

const KEYS = 50;

const [path = '', first = '0'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const log = makeLog(({ text, fields }) => say(`log ${text} ${JSON.stringify(fields)}`), 'warn', Date.now);
const table = await openTable({ path, log, clock: makeSystemClock(), segmentBytes: 8_192, floorBytes: 16_384 });
for (const [key, value] of table.entries()) say(`found ${key} ${value.toString().split(' ')[0]}`);
say('ready');
for (let n = Number(first); ; n += 1) {
  table.put(`key ${n % KEYS}`, Buffer.from(`${n} ${'x'.repeat((n * 31) % 300)}`));
  if (n % 11 === 0) await table.sync();
  else if (n % 5 === 0) await table.flush();
  else continue;
  say(`kept ${n}`);
}
