import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arena, type Dial, playAlone } from './arena.ts';
import { composeScript } from './compose-script.ts';
import { playExchange } from './exchange/exchange.ts';
import { Heap } from './heap.ts';
import { formatScripts, type Script } from './script.ts';
import { shrink } from './shrink.ts';

/** Scripts that one broker sees before the next one. */
const BATCH = 500;
/** Steps of an exchange, which follows each batch. */
const STEPS = 30;
/** How often it tells how it goes. */
const TELL_MS = 10_000;

export interface FuzzOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly dial: Dial;
}

/** Plays one script after another until the time is over or one fails. False when something is wrong. */
export async function runFuzzer({ seed, minutes, dial }: FuzzOptions): Promise<boolean> {
  const started = performance.now();
  const end = started + minutes * 60_000;
  const heap = new Heap();
  let next = seed;
  let writes = 0;
  let told = started;
  say(`seed ${seed}, ${minutes} min`);
  while (performance.now() < end) {
    const first = next;
    next += BATCH;
    const played = await playBatch(first, dial, heap);
    writes += played.writes;
    const failure = played.failure ?? (await playOneExchange(first));
    if (failure !== undefined) {
      say(failure);
      return false;
    }
    const seconds = (performance.now() - started) / 1_000;
    if (performance.now() < told + TELL_MS && performance.now() < end) continue;
    told = performance.now();
    say(
      `${next - seed} scripts, ${writes} writes, ${Math.round((next - seed) / seconds)} scripts/s; ${heap.summary()}`,
    );
  }
  if (!heap.isBounded) say(`the heap grows: ${heap.summary()}`);
  return heap.isBounded;
}

async function playBatch(first: number, dial: Dial, heap: Heap): Promise<{ writes: number; failure?: string }> {
  const played: Script[] = [];
  const arena = new Arena(dial);
  const surprise = watch();
  try {
    for (let seed = first; seed < first + BATCH; seed += 1) {
      const script = composeScript(seed);
      played.push(script);
      await arena.play(script);
      surprise.check();
    }
    heap.sampleServing();
    await arena.close();
    surprise.check();
    heap.sampleIdle();
    return { writes: played.flat().filter((action) => action.do === 'write').length };
  } catch (error) {
    return { writes: 0, failure: await report(error, played, { seed: first + played.length - 1, dial }) };
  } finally {
    surprise.end();
  }
}

/** An error that nobody caught counts for the script that is being played. */
function watch() {
  const caught: unknown[] = [];
  const onError = (error: unknown) => void caught.push(error);
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return {
    check() {
      if (caught.length > 0) throw new Error('an error came out of the broker', { cause: caught[0] });
    },
    end() {
      process.off('uncaughtException', onError);
      process.off('unhandledRejection', onError);
    },
  };
}

async function playOneExchange(seed: number): Promise<string | undefined> {
  try {
    await playExchange(seed, STEPS);
    return undefined;
  } catch (error) {
    return `exchange ${seed} (HANBUS_SEED=${seed} npm test -- test/fuzz/exchange.test.ts): ${String(error)}`;
  }
}

/** Writes what failed to a file: the last script, made short, when it fails alone; all of them otherwise. */
async function report(error: unknown, played: readonly Script[], { seed, dial }: Circumstances): Promise<string> {
  const kind = kindOf(error);
  const fails = (script: Script) =>
    playAlone([script], dial).then(
      () => false,
      (other: unknown) => kindOf(other) === kind,
    );
  const last = played.at(-1) ?? [];
  const scripts = (await fails(last)) ? [await shrink(last, fails)] : played;
  const folder = join(tmpdir(), 'hanbus-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `seed-${seed}.txt`);
  const reason = `seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  writeFileSync(file, `# ${reason.replaceAll('\n', '\n# ')}\n${formatScripts(scripts)}`);
  return `${reason}\nnpm run fuzz -- --replay ${file}`;
}

/** Failures of one kind differ in steps, numbers and bytes only. */
const kindOf = (error: unknown): string => String(error).replaceAll(/[0-9a-f]{8,}|\d+|\(\w+\)/g, '');

interface Circumstances {
  readonly seed: number;
  readonly dial: Dial;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
