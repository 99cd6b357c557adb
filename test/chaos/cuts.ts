import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check.ts';
import { cutAfter } from './disk-image.ts';
import { readTrace, STRACE } from './disk-trace.ts';
import { machineMs, type Story } from './events.ts';
import { bear, furnish, makeHouse } from './house.ts';
import { Load } from './load.ts';

export interface CutOptions {
  readonly port: number;
  readonly images: number;
  /** How long the node works before, ms. */
  readonly workMs: number;
  readonly random: () => number;
  readonly program?: string;
  readonly onImage?: (image: number, wrong: number) => void;
}

export interface CutReport {
  readonly wrong: readonly string[];
  readonly images: number;
  readonly diskActs: number;
  /** From the spawn to an open session, ms, in order of size. */
  readonly restarts: readonly number[];
}

/**
 * Has a node work under strace, makes from its system calls what a power cut at random moments would have left, and
 * starts it on each of these disks: what was acknowledged before the cut must be there, and no `once` command that the
 * hardware has carried out may be carried out again when it is sent again.
 */
export async function cutThePower(options: CutOptions): Promise<CutReport> {
  const { port, images, random, onImage } = options;
  const program = options.program === undefined ? {} : { program: options.program };
  const { story, trace, folder } = await record(options);
  const offset = Date.now() - machineMs();
  const acts = readTrace(trace, folder);
  const wrong: string[] = [...check(story)];
  const restarts: number[] = [];
  const first = Math.floor(acts.length / 20);
  for (let image = 0; image < images; image += 1) {
    const count = first + Math.floor(random() * (acts.length - first));
    const cutAt = (acts[count - 1]?.at ?? 0) - offset;
    const home = lay(cutAfter(acts, count, random), port);
    const life = bear(home, join(home, 'acts.txt'), program);
    try {
      const load = new Load(port, random);
      await load.connect();
      restarts.push(machineMs() - life.born);
      wrong.push(...(await after(load, story, cutAt)).map((line) => `image ${image} at act ${count}: ${line}`));
      await load.stop();
      await life.end('SIGKILL');
      wrong.push(...again(readFileSync(join(home, 'acts.txt'), 'utf8'), story, cutAt, image));
    } finally {
      await life.end('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    }
    onImage?.(image, wrong.length);
  }
  return { wrong, images, diskActs: acts.length, restarts: restarts.sort((a, b) => a - b) };
}

async function record({ port, workMs, random, program }: CutOptions) {
  const house = makeHouse(port);
  const file = join(house.folder, 'trace.txt');
  const before = [...STRACE, '-o', file];
  const life = bear(house.folder, house.acts, { before, ...(program === undefined ? {} : { program }) });
  try {
    const load = new Load(port, random);
    await load.connect(false);
    load.start();
    await sleep(workMs);
    await life.end('SIGKILL');
    await load.stop();
    return { story: load.story(house.acts), trace: readFileSync(file, 'utf8'), folder: join(house.folder, 'data') };
  } finally {
    await life.end('SIGKILL');
    house.remove();
  }
}

/** A house with this on its disk. */
function lay(files: ReadonlyMap<string, Buffer>, port: number): string {
  const home = mkdtempSync(join(tmpdir(), 'hanbus-cut-'));
  for (const [path, content] of files) {
    const full = join(home, 'data', path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
  writeFileSync(join(home, 'acts.txt'), '');
  furnish(home, port);
  return home;
}

/** The jobs acknowledged before the cut that the lasting session does not bring, and all `once` commands sent again. */
async function after(load: Load, { jobs, sent }: Story, cutAt: number): Promise<string[]> {
  const once = sent.filter(({ mode, at }) => mode === 'once' && at < cutAt).slice(-200);
  await load.sendAgain(once);
  const missing = () => jobs.filter(({ acknowledgedAt, payload }) => acknowledgedAt < cutAt && !load.hasHeard(payload));
  const until = machineMs() + 3_000;
  while (missing().length > 0 && machineMs() < until) await sleep(20);
  await sleep(100);
  return missing().map(({ payload }) => `acknowledged and lost: ${payload}`);
}

function again(text: string, { acts, sent }: Story, cutAt: number, image: number): string[] {
  const before = new Set(acts.filter(({ at }) => at < cutAt).map(({ value }) => value));
  const once = new Set(sent.filter(({ mode }) => mode === 'once').map(({ value }) => value));
  const twice = text
    .split('\n')
    .map((line) => Number(line.split(' ')[0]))
    .filter((value) => value > 0 && before.has(value) && once.has(value));
  return twice.map((value) => `image ${image}: once command c${value} acted again after the cut`);
}
