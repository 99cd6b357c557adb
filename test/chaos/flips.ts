import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { furnish, makeHouse } from './house.ts';
import { Load } from './load.ts';
import { startChaosNode } from './start-chaos-node.ts';

/** Where a byte is spoilt. */
export interface Flip {
  /** Relative to the data folder. */
  readonly file: string;
  readonly at: number;
  readonly how: 'cut' | 'flip';
}

/** A node that worked, ended, and left its files. */
export interface Remains {
  readonly folder: string;
  readonly port: number;
  /** Retained messages on durable topics that it must bring back. */
  readonly kept: ReadonlyMap<string, string>;
  remove(): void;
}

/** Runs a node for a while and stops it. */
export async function workAndStop(port: number, workMs: number): Promise<Remains> {
  const house = makeHouse(port);
  const node = await startChaosNode(house.folder, house.acts, () => undefined);
  const load = new Load(port, Math.random);
  await load.connect(false);
  load.start();
  const kept = new Map<string, string>();
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  for (let index = 0; index < 20; index += 1) {
    kept.set(`jobs/kept/${index}`, `kept ${index}`);
    await client.publishAsync(`jobs/kept/${index}`, `kept ${index}`, { qos: 1, retain: true });
  }
  await sleep(workMs);
  await load.stop();
  await client.endAsync();
  await node.stop();
  return { folder: house.folder, port, kept, remove: () => house.remove() };
}

/** A cut and a flip at every `step` bytes of every file. */
export function flipsOf({ folder }: Remains, step: number): readonly Flip[] {
  return filesIn(join(folder, 'data')).flatMap((file) => {
    const { size } = statSync(join(folder, 'data', file));
    const places = Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
    return places.flatMap((at): Flip[] => [
      { file, at, how: 'flip' },
      { file, at, how: 'cut' },
    ]);
  });
}

/** Starts a node on a copy with this one fault. Gives what is wrong with it; nothing when it is as it should be. */
export async function tryFlip({ folder, port, kept }: Remains, flip: Flip): Promise<string | undefined> {
  const home = mkdtempSync(join(tmpdir(), 'hanbus-flip-'));
  const warnings: string[] = [];
  const where = `${flip.how} ${flip.file} at ${flip.at}`;
  try {
    cpSync(join(folder, 'data'), join(home, 'data'), { recursive: true });
    writeFileSync(join(home, 'acts.txt'), '');
    furnish(home, port);
    spoil(join(home, 'data', flip.file), flip);
    const node = await startChaosNode(home, join(home, 'acts.txt'), ({ level, text, fields }) => {
      if (level === 'warn' || level === 'error') warnings.push(`${text} ${JSON.stringify(fields)}`);
    });
    try {
      const missing = await works(port, kept);
      if (missing === 0) return undefined;
      return warnings.length > 0 ? undefined : `${where}: ${missing} messages are missing and nothing was said`;
    } finally {
      await node.stop();
    }
  } catch (error) {
    return `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function spoil(path: string, { at, how }: Flip): void {
  if (how === 'cut') {
    truncateSync(path, at);
    return;
  }
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x41;
  writeFileSync(path, bytes);
}

/** Gives how many of the kept messages are not there. Throws when the node does not carry out a command. */
async function works(port: number, kept: ReadonlyMap<string, string>): Promise<number> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  try {
    const missing = new Map(kept);
    const ack = new Promise<string>((resolve) => {
      client.on('message', (topic, payload) => {
        const text = payload.toString();
        if (missing.get(topic) === text) missing.delete(topic);
        if (topic.endsWith('$ack') && text.includes('"st":"done"')) resolve(text);
      });
    });
    await client.subscribeAsync(['jobs/kept/#', 'hanbus/chaos/+/+/$ack'], { qos: 1 });
    const command = JSON.stringify({ id: `flip ${Math.random()}`, v: 7, mode: 'once' });
    const send = () => void client.publishAsync('hanbus/chaos/dev/p0/$cmd', command, { qos: 1 }).catch(() => undefined);
    const sending = setInterval(send, 100);
    const late = sleep(10_000).then(() => {
      throw new Error('no command was carried out within 10 s');
    });
    await Promise.race([ack, late]).finally(() => clearInterval(sending));
    return missing.size;
  } finally {
    await client.endAsync(true);
  }
}

function filesIn(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) return filesIn(folder, path);
    return entry.isFile() ? [path] : [];
  });
}
