// `npm run chaos -- --kills 1000 --cuts 500 --seed 1`: ends a real node by kill -9 and by images of power cuts under
// 200 commands and 200 readings a second, and checks from outside what it did. Then it starts on files with a byte
// spoilt or the end cut off, at every 64th byte. `--kills 0`, `--cuts 0` or `--flips 0` leaves one out.
import { parseArgs } from 'node:util';
import { cutThePower } from '../test/chaos/cuts.ts';
import { flipsOf, tryFlip, workAndStop } from '../test/chaos/flips.ts';
import { killAgainAndAgain, percentile } from '../test/chaos/kills.ts';
import { seeded } from '../test/chaos/seeded.ts';
import { freePort } from '../test/fakes/processes.ts';
import { bundleOne } from './setup/bundle-one.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    cuts: { type: 'string', default: '500' },
    flips: { type: 'string', default: 'all' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const seed = Number(values.seed);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function tellTimes(restarts: readonly number[]): void {
  const at = (share: number) => `${Math.round(percentile(restarts, share))} ms`;
  say(`serving again after: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} (goal: p99 <= 1500 ms)`);
}

function tellWrong(wrong: readonly string[]): void {
  say(wrong.length === 0 ? 'nothing is wrong' : `${wrong.length} WRONG:\n  ${wrong.slice(0, 50).join('\n  ')}`);
  if (wrong.length > 0) process.exitCode = 1;
}

const [program, port] = [await bundleOne('test/chaos/chaos-node.ts', 'chaos'), await freePort()];
say(`seed ${seed}`);
if (Number(values.kills) > 0) {
  const cycles = Number(values.kills);
  const onCycle = (cycle: number) => cycle % 50 === 0 && say(`  kill ${cycle} of ${cycles}`);
  const report = await killAgainAndAgain({ port, cycles, random: seeded(seed), program, onCycle });
  const { sent, acts, jobs, answered } = report;
  say(`${cycles} kills: ${sent} commands, ${acts} acts, ${answered} answered, ${jobs} jobs acknowledged`);
  tellTimes(report.restarts);
  const told = new Map<string, number>();
  for (const line of report.said) told.set(line.slice(0, 100), (told.get(line.slice(0, 100)) ?? 0) + 1);
  for (const [line, times] of [...told].slice(0, 20)) say(`  the node said ${times} times: ${line}`);
  tellWrong(report.wrong);
}
if (Number(values.cuts) > 0) {
  const images = Number(values.cuts);
  const onImage = (image: number) => image % 50 === 0 && say(`  image ${image} of ${images}`);
  const report = await cutThePower({ port, images, workMs: 10_000, random: seeded(seed + 1), program, onImage });
  say(`${report.images} images of ${report.diskActs} acts on the disk`);
  tellTimes(report.restarts);
  tellWrong(report.wrong);
}
if (values.flips !== '0') {
  const remains = await workAndStop(await freePort(), 3_000);
  const all = flipsOf(remains, 64);
  const flips = values.flips === 'all' ? all : all.slice(0, Number(values.flips));
  const wrong: string[] = [];
  for (const [index, flip] of flips.entries()) {
    const found = await tryFlip(remains, flip);
    if (found !== undefined) wrong.push(found);
    if (index % 200 === 0) say(`  fault ${index} of ${flips.length}`);
  }
  remains.remove();
  say(`${flips.length} faults in ${new Set(flips.map(({ file }) => file)).size} files`);
  tellWrong(wrong);
}
