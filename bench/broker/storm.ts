import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row } from './case.ts';
import { type Client, openClient, sleep, type Target, within } from './client.ts';
import { PINGREQ } from './packets.ts';
import { memoryMb } from './usage.ts';

/** With the one that pings: 10,000. */
const CLIENTS = 9_999;
const PING_EVERY_MS = 5;
const PATIENCE_MS = 80_000;
const SETTLE_MS = 3_000;

/** Everybody comes home at once, after a power cut: how fast are they let in, and does an old client notice? */
export async function storm({ port, pid }: Target): Promise<Row> {
  const pinger = startPinging(await openClient(port, 'ping'));
  await sleep(1_000);
  const [calmMs, before] = [pinger.longestMs(), memoryMb(pid)];
  pinger.reset();
  const here = dirname(fileURLToPath(import.meta.url));
  const args = [join(here, 'broker-storm.mjs'), String(port), String(CLIENTS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const { admitted = 0, seconds = 0, refused = 0 } = await within(PATIENCE_MS, 'the storm', firstLine(child));
    const stallMs = pinger.longestMs();
    await sleep(SETTLE_MS);
    const memory = memoryMb(pid);
    return {
      rate: admitted / seconds,
      admitted,
      refused,
      stallMs,
      calmMs,
      kbEach: ((memory - before) * 1e3) / Math.max(admitted, 1),
      memoryMb: memory,
    };
  } finally {
    child.kill('SIGKILL');
  }
}

async function firstLine(child: ChildProcess): Promise<Row> {
  if (child.stdout === null) throw new Error('the storm has no output');
  const [chunk] = await Promise.race([once(child.stdout, 'data'), once(child.stdout, 'end')]);
  if (chunk === undefined) throw new Error('the storm ended without a word');
  return JSON.parse(String(chunk));
}

interface Pinger {
  reset(): void;
  /** The longest time that a ping waited for its answer, in ms; one that still waits counts. */
  longestMs(): number;
}

function startPinging(client: Client): Pinger {
  let longest = 0;
  let sentAt: number | undefined;
  const note = (): void => {
    if (sentAt !== undefined) longest = Math.max(longest, performance.now() - sentAt);
  };
  const send = (): void => {
    sentAt = performance.now();
    client.socket.write(PINGREQ);
  };
  client.receive = () => {
    note();
    sentAt = undefined;
    setTimeout(send, PING_EVERY_MS);
  };
  send();
  return {
    reset() {
      longest = 0;
    },
    longestMs() {
      note();
      return longest;
    },
  };
}
