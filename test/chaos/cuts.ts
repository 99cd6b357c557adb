import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check.ts';
import { cutAfter } from './disk-image.ts';
import { type DiskAct, readTrace, STRACE } from './disk-trace.ts';
import { machineMs, type Story } from './events.ts';
import { bear, makeHouse } from './house.ts';
import { Load } from './load.ts';
import { atOnce } from './pool.ts';
import { seeded } from './seeded.ts';

export interface CutOptions {
  /** So many nodes at once. */
  readonly ports: readonly number[];
  readonly images: number;
  /** How long the node works before, ms. */
  readonly workMs: number;
  readonly seed: number;
  readonly program?: string;
  readonly onImage?: (image: number) => void;
}

export interface CutReport {
  readonly wrong: readonly string[];
  readonly diskActs: number;
  /** Acknowledged before the cut and looked for, over all images. */
  readonly jobs: number;
  readonly records: number;
  /** From the spawn to an open session, ms. */
  readonly restarts: readonly number[];
}

interface Recorded {
  readonly acts: readonly DiskAct[];
  /** What was asked, taken, accepted and done. Nobody has listened. */
  readonly story: Story;
  /** Wall clock minus CLOCK_MONOTONIC, ms. */
  readonly offset: number;
}

interface Image {
  readonly files: ReadonlyMap<string, Buffer>;
  /** What had happened outside before the cut. */
  readonly before: Story;
  readonly random: () => number;
}

/** `once` commands of the last seconds that are sent again after the cut. */
const AGAIN = 200;
const PATIENCE_MS = 5_000;

/**
 * Has a node work under strace, makes from its system calls what a power cut at random moments would have left, and
 * starts it on each of these disks: what was acknowledged before the cut must be there, and no `once` command that the
 * hardware has carried out may be carried out again when it is sent again.
 */
export async function cutThePower(options: CutOptions): Promise<CutReport> {
  const { ports, images, seed, program, onImage } = options;
  const recorded = await record(options);
  const report = { wrong: Array.of<string>(), restarts: Array.of<number>(), jobs: 0, records: 0 };
  const numbers = Array.from({ length: images }, (_, index) => index);
  await atOnce(ports, numbers, async (port, number) => {
    const { count, ...image } = takeImage(recorded, seeded(seed * 1_000 + number));
    const { wrong, restartMs } = await lifeAfter(image, port, program);
    report.wrong.push(...wrong.map((line) => `image ${number} at act ${count}: ${line}`));
    report.restarts.push(restartMs);
    report.jobs += image.before.jobs.length;
    report.records += image.before.records.accepted.length;
    onImage?.(number);
  });
  return { ...report, diskActs: recorded.acts.length };
}

async function record({ ports, workMs, seed, program }: CutOptions): Promise<Recorded> {
  const [port = 0] = ports;
  const house = makeHouse(port);
  const file = join(house.folder, 'trace.txt');
  const before = [...STRACE, '-o', file];
  const life = bear(house.folder, { before, ...(program === undefined ? {} : { program }) });
  try {
    const load = new Load(port, seeded(seed));
    await load.connect(false);
    load.start();
    await sleep(workMs);
    load.endLife();
    await life.end('SIGKILL');
    await load.stop();
    const offset = wallOffset();
    const acts = readTrace(readFileSync(file, 'utf8'), join(house.folder, 'data'));
    return { acts, story: load.story(house.folder), offset };
  } finally {
    await life.end('SIGKILL');
    house.remove();
  }
}

/** Exact to some microseconds, as the times of strace are: at the moment when a millisecond begins. */
function wallOffset(): number {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  return now - machineMs();
}

/** The disk after a random number of acts, and the story up to then. */
function takeImage({ acts, story, offset }: Recorded, random: () => number): Image & { readonly count: number } {
  const first = Math.floor(acts.length / 20);
  const count = first + Math.floor(random() * (acts.length - first));
  const cutAt = (acts[count - 1]?.at ?? 0) - offset;
  const isBefore = ({ at }: { readonly at: number }) => at < cutAt;
  const before: Story = {
    ...story,
    sent: story.sent.filter(isBefore),
    taken: story.taken.filter(isBefore),
    lives: story.lives.map(({ from }) => ({ from, to: cutAt })),
    acts: story.acts.filter(isBefore),
    jobs: story.jobs.filter(({ acknowledgedAt }) => acknowledgedAt < cutAt),
    records: { ...story.records, accepted: story.records.accepted.filter(isBefore) },
  };
  return { count, files: cutAfter(acts, count, random), before, random };
}

/** Starts the node on this disk, sends the `once` commands of before again, and listens to what waited. */
async function lifeAfter({ files, before, random }: Image, port: number, program: string | undefined) {
  const house = makeHouse(port);
  lay(files, join(house.folder, 'data'));
  const life = bear(house.folder, program === undefined ? {} : { program });
  try {
    const load = new Load(port, random);
    await load.connect();
    const restartMs = machineMs() - life.born;
    await load.quiet(50);
    load.beginLife();
    await load.sendAgain(before.sent.filter(({ mode }) => mode === 'once').slice(-AGAIN));
    await life.ready;
    const until = machineMs() + PATIENCE_MS;
    while (machineMs() < until && before.jobs.some(({ payload }) => !load.hasHeard(payload))) await sleep(20);
    await load.quiet(150);
    await life.end('SIGKILL');
    await load.stop();
    const said = life
      .said()
      .split('\n')
      .filter(isAlarm)
      .map((line) => `the node said: ${line}`);
    return { wrong: [...check(joined(before, load.story(house.folder))), ...said], restartMs };
  } finally {
    await life.end('SIGKILL');
    house.remove();
  }
}

/** A cut leaves nothing damaged: what was torn is cut off, and nothing is to be put aside. */
const isAlarm = (line: string): boolean => /"code":"HB12[0-9]"|^error/.test(line);

/**
 * One story of the two lives. What the first one answered waited in the session; that answers may be lost is known, so
 * that nobody asks for them.
 */
function joined(before: Story, after: Story): Story {
  const { answers, heard, readings, records } = after;
  const { accepted } = before.records;
  return {
    ...before,
    ...{ answers, heard, readings, lives: [] },
    acts: [...before.acts, ...after.acts],
    records: { accepted, found: records.found },
  };
}

function lay(files: ReadonlyMap<string, Buffer>, data: string): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), content);
  }
}
