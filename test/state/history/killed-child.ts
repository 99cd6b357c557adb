// Writes readings until it is killed: a line on standard output for each batch that is on the disk.
import { makeSystemClock } from '../../../src/kit/clock.ts';
import { makeLog } from '../../../src/kit/log.ts';
import { openHistory } from '../../../src/state/history/open-history.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const clock = makeSystemClock();
const log = makeLog(
  (line) => process.stderr.write(`${JSON.stringify(line)}\n`),
  'warn',
  () => clock.now(),
);
const history = openHistory({ path, clock, log, slotRows: 300, keepMs: 1e15 });
await history.ready;
for (let value = Number(first); ; value += 1) {
  history.add({ point: { name: 'kitchen.a.b', type: 'number' }, value, quality: 'good', time: value });
  if (value % 20 !== 19) continue;
  await history.flush();
  process.stdout.write(`${value}\n`);
}
