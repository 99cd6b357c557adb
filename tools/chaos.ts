// `npm run chaos -- --kills 1000 --cuts 500 --seed 1 --jobs 2`: ends real nodes by kill -9 and by images of power cuts
// under 200 commands and 200 readings a second, and checks from outside what they did. Then it starts on files with a
// byte spoilt or the end cut off, at every 64th byte of every file; `--flips 400` takes so many of these places, evenly.
// `--kills 0`, `--cuts 0` or `--flips 0` leaves one out.
import { parseArgs } from 'node:util';
import { cutThePower } from '../test/chaos/cuts.ts';
import { machineMs } from '../test/chaos/events.ts';
import { tryFlips } from '../test/chaos/flip-threads.ts';
import { flipsOf, type Tried, workAndStop } from '../test/chaos/flips.ts';
import { type KillReport, killAgainAndAgain, percentile } from '../test/chaos/kills.ts';
import { seeded } from '../test/chaos/seeded.ts';
import { freePort } from '../test/fakes/processes.ts';
import { bundleOne } from './setup/bundle-one.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    cuts: { type: 'string', default: '500' },
    flips: { type: 'string', default: 'all' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const seed = Number(values.seed);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The work of one port of several. */
interface Share {
  readonly port: number;
  readonly index: number;
  readonly count: number;
}

function tellTimes(restarts: readonly number[]): void {
  const at = (share: number) => `${Math.round(percentile(restarts, share))} ms`;
  const p99 = percentile(restarts, 0.99);
  say(`serving again after: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} (goal: p99 <= 1500 ms)`);
  if (p99 > 1_500) process.exitCode = 1;
}

function tellWrong(wrong: readonly string[], since: number): void {
  const seconds = Math.round((machineMs() - since) / 1_000);
  const verdict = wrong.length === 0 ? 'nothing is wrong' : `${wrong.length} WRONG:`;
  say([`${verdict} (${seconds} s)`, ...wrong.slice(0, 50)].join('\n  '));
  if (wrong.length > 0) process.exitCode = 1;
}

/** `3 done, 1 expired`. */
function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rows = [...counts].sort(([, one], [, other]) => other - one);
  return rows.map(([word, count]) => `${count} ${word}`).join(', ');
}

async function kill(ports: readonly number[], cycles: number, program: string): Promise<void> {
  const since = machineMs();
  let done = 0;
  const one = ({ port, index, count }: Share) => {
    const onCycle = () => {
      done += 1;
      if (done % 50 === 0) say(`  kill ${done} of ${cycles}`);
    };
    const own = Math.floor(cycles / count) + (index < cycles % count ? 1 : 0);
    return killAgainAndAgain({ port, cycles: own, random: seeded(seed + index), program, onCycle });
  };
  const reports = await Promise.all(ports.map((port, index) => one({ port, index, count: ports.length })));
  tellKills(reports, cycles);
  tellTimes(reports.flatMap(({ restarts }) => restarts));
  tellWrong(
    reports.flatMap(({ wrong }) => wrong),
    since,
  );
}

function tellKills(reports: readonly KillReport[], cycles: number): void {
  const stories = reports.map(({ story }) => story);
  const sum = (of: (report: KillReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const seconds = sum(({ loadMs }) => loadMs) / 1_000;
  const rate = (count: number) => `${count} (${Math.round(count / seconds)}/s)`;
  const ends = stories.flatMap(({ answers }) => answers.filter(({ state }) => !/^(accepted|running)$/.test(state)));
  say(
    [
      `${cycles} kills in ${Math.round(seconds)} s of load: ${rate(sum(({ story }) => story.sent.length))} commands`,
      `${sum(({ story }) => story.taken.length)} taken`,
      `${sum(({ story }) => story.acts.length)} acts`,
      `${rate(sum(({ story }) => story.readings.filter(([topic]) => /r\d$/.test(topic)).length))} readings heard`,
      `${rate(sum(({ story }) => story.jobs.length))} durable messages acknowledged`,
      `${rate(sum(({ story }) => story.records.accepted.length))} sync records accepted by the outbox`,
    ].join(', '),
  );
  say(`ends told: ${counted(ends.map(({ state }) => state))}`);
  const codes = reports.flatMap(({ said }) =>
    said.map((line) => /"code":"(\w+)"/.exec(line)?.[1] ?? line.slice(0, 80)),
  );
  say(`warnings of the node: ${counted(codes)}`);
}

async function cut(ports: readonly number[], images: number, program: string): Promise<void> {
  const since = machineMs();
  let done = 0;
  const onImage = () => {
    done += 1;
    if (done % 50 === 0) say(`  image ${done} of ${images}`);
  };
  const report = await cutThePower({ ports, images, workMs: 10_000, seed, program, onImage });
  const { diskActs, jobs, records } = report;
  say(`${images} images of ${diskActs} acts on the disk: ${jobs} durable messages and ${records} records looked for`);
  tellTimes(report.restarts);
  tellWrong(report.wrong, since);
}

async function flip(ports: readonly number[], most: number): Promise<void> {
  const since = machineMs();
  const remains = await workAndStop(ports[0] ?? 0, 300);
  const all = flipsOf(remains, 64);
  const flips =
    all.length <= most ? all : Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)]);
  const tried: Tried[] = [];
  const onTried = (one: Tried) => {
    tried.push(one);
    if (tried.length % 500 === 0) say(`  fault ${tried.length} of ${flips.length}`);
  };
  const chosen = flips.filter((one) => one !== undefined);
  await tryFlips(remains, chosen, { ports, onTried }).finally(() => remains.remove());
  say(`${tried.length} of ${all.length} faults in ${new Set(all.map(({ file }) => file)).size} files`);
  const kind = ({ flip: { how }, said, missing }: Tried) =>
    `${how} ${missing === '' ? 'with nothing missing' : 'with a loss'} and ${said.length > 0 ? 'told' : 'not told'}`;
  say(counted(tried.map(kind)));
  tellWrong(
    tried.flatMap(({ wrong }) => wrong ?? []),
    since,
  );
}

const program = await bundleOne('test/chaos/chaos-node.ts', 'chaos');
const ports: number[] = [];
while (ports.length < Number(values.jobs)) ports.push(await freePort());
say(`seed ${seed}, ${ports.length} nodes at once`);
if (values.kills !== '0') await kill(ports, Number(values.kills), program);
if (values.cuts !== '0') await cut(ports, Number(values.cuts), program);
if (values.flips !== '0') await flip(ports, values.flips === 'all' ? Number.POSITIVE_INFINITY : Number(values.flips));
