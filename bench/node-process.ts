import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_FLAGS } from '../tools/setup/pinned-node.mjs';
import { cpuSecondsOf, residentMb } from './print.ts';

/** A program under measurement, in its own process. */
export interface Measured {
  readonly port: number;
  readonly child: ChildProcess;
  cpuSeconds(): number;
  residentMb(): number;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function measured(child: ChildProcess, port: number, folder: string): Measured {
  const proc = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    port,
    child,
    cpuSeconds: () => cpuSecondsOf(proc('stat')),
    residentMb: () => residentMb(proc('status')),
    async stop() {
      const gone = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `hanbus up` of this checkout's build, with folders and a port of its own. Nothing is kept from a run before. */
export async function startHanbus(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-bench-'));
  const port = await freePort();
  const config = join(folder, 'hanbus.yaml');
  writeFileSync(config, `broker: {listen: ${port}}\n`);
  const env = { ...process.env, HANBUS_CONFIG: config, HANBUS_DATA: join(folder, 'data'), HANBUS_RUNTIME: folder };
  const child = spawn(process.execPath, [...NODE_FLAGS, 'dist/hanbus.mjs', 'up'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  return measured(child, port, folder);
}
