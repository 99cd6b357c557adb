// A whole node with simulated sensors: memory with 100 points at rest, CPU with 1,000 points read each second.
// The sensors are simulated files of the kernel, so harvest, driver, publisher and bus are the real ones.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_FLAGS } from '../tools/setup/pinned-node.mjs';
import { print } from './print.ts';

const SECONDS = 20;

interface Rest {
  readonly points: number;
  readonly megabytes: number;
  readonly cpuPercent: number;
  readonly perSecond: number;
}

async function measure(chips: number, scheme: string): Promise<Rest> {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-bench-'));
  try {
    writeFileSync(join(folder, 'hanbus.yaml'), scheme);
    const args = [...NODE_FLAGS, '.cache/bench/node-alone.mjs', folder, String(SECONDS), String(chips)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(child, 'close');
    if (child.exitCode !== 0) throw new Error('the node under measurement failed');
    return JSON.parse(Buffer.concat(chunks).toString());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const few = await measure(10, 'broker: {listen: off}\n');
const many = await measure(100, 'broker: {listen: off}\npublish: {every: 1s}\n');
print({
  'points at rest': few.points,
  'memory at rest, MB': few.megabytes,
  'CPU at rest, % of one core': few.cpuPercent,
  'points read each second': many.points,
  'readings published/s': many.perSecond,
  'CPU with these points, % of one core': many.cpuPercent,
  'memory with these points, MB': many.megabytes,
});
