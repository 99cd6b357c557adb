import { sleep } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import type { ListAnswer, ReadAnswer } from '../../schemes/contracts.ts';
import { durationText } from '../../schemes/quantity.ts';
import { askList, askRead } from '../ask.ts';
import { columns } from '../columns.ts';
import type { Door } from '../door.ts';
import { durationOption } from '../globals.ts';
import { qualityText } from '../marks.ts';
import { noSuchPoint } from '../no-such-point.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'read',
  summary: 'one fresh reading of each point',
  group: 'look',
  first: 4,
  arguments: [
    {
      name: 'point',
      about: 'device.point; a device alone reads all its points',
      required: true,
      many: true,
      completes: 'point',
    },
  ],
  options: [
    { flags: '--wait <time>', about: 'wait so long for a point that is not there yet, or has no good reading' },
  ],
  examples: [
    { line: 'hanbus read board.load', about: 'its value with the unit' },
    { line: 'hanbus read board.load board.memory', about: 'several at once' },
    { line: 'hanbus read t1.temperature --wait 30s', about: 'after plugging it in' },
  ],
  contract: 'read',
  async run(call) {
    const waitMs = durationOption('--wait', call.options.wait) ?? 0;
    const answer = await readWithin(call, await call.door(), waitMs);
    if (call.globals.json) call.screen.json(answer);
    else tell(answer, call);
    return answer.readings.every(isUsable) ? 0 : 1;
  },
};

async function readWithin(call: Call, door: Door, waitMs: number): Promise<ReadAnswer> {
  const { clock } = call.world;
  const until = clock.mono() + waitMs;
  let isTold = false;
  for (;;) {
    const list = await askList(door);
    const missing = call.words.filter((word) => pointsOf(word, list).length === 0);
    const points = [...new Set(call.words.flatMap((word) => pointsOf(word, list)))];
    const answer = missing.length === 0 ? await askRead(door, points) : undefined;
    if (answer !== undefined && (waitMs === 0 || answer.readings.every(isUsable))) return answer;
    if (clock.mono() >= until) throw gaveUp(missing[0], list, waitMs);
    if (waitMs > 1_000 && !isTold)
      call.screen.note(`Waiting up to ${durationText(waitMs)} for ${call.words.join(', ')} ...`);
    isTold = true;
    await sleep(clock, Math.min(500, until - clock.mono()));
  }
}

function gaveUp(missing: string | undefined, list: ListAnswer, waitMs: number): HanbusError {
  if (missing !== undefined && waitMs === 0) return noSuchPoint(missing, list);
  const what = missing === undefined ? 'no good reading came' : `"${missing}" did not appear`;
  return new HanbusError('HB154', `${what} within ${durationText(waitMs)}`, { fix: 'hanbus ls --long' });
}

/** The full names behind a word: `kitchen.air.temperature`, `air/temperature`, `air` alone. */
function pointsOf(word: string, { node, devices }: ListAnswer): string[] {
  const parts = word.replaceAll('/', '.').split('.');
  const [deviceName, pointName] = parts.length === 3 && parts[0] === node ? parts.slice(1) : parts;
  if (parts.length > 2 && parts[0] !== node) return [];
  const device = devices.find(({ name }) => name === deviceName);
  const points = device?.points.filter(({ name }) => pointName === undefined || name === pointName) ?? [];
  return points.map(({ name }) => `${deviceName}.${name}`);
}

function isUsable({ quality }: ReadAnswer['readings'][number]): boolean {
  return quality !== 'bad' && quality !== 'none';
}

function tell({ readings }: ReadAnswer, { screen }: Call): void {
  const only = readings.length === 1 ? readings[0] : undefined;
  if (only !== undefined) screen.out(only.text);
  else for (const line of columns(readings.map(({ point, text }) => [point, text]))) screen.out(line);
  for (const reading of readings) {
    const doubt = qualityText(reading);
    if (doubt !== '') screen.note(`${screen.tint('yellow', '▲')} ${reading.point} is ${doubt}`);
  }
}
