import type { Row } from './case.ts';
import { dial, sleep, type Target } from './client.ts';
import { memoryMb } from './usage.ts';

const SOCKETS = 20;
/** The largest length that MQTT can announce: 256 MB. */
const LENGTH = [0xff, 0xff, 0xff, 0x7f];
const PIECE = Buffer.alloc(4_096, 'x');
const EVERY_MS = 50;
/** Longer than a broker should wait; whoever is open then counts as this. */
const PATIENCE_MS = 12_000;

/** Strangers that announce a packet of 256 MB and send it in small pieces: half as CONNECT, half as PUBLISH. */
export async function preAuth({ port, pid }: Target): Promise<Row> {
  await sleep(1_000);
  const before = memoryMb(pid);
  const start = performance.now();
  const closings: number[] = [];
  const sockets = Array.from({ length: SOCKETS }, (_, index) => {
    const { socket } = dial(port);
    socket.once('connect', () => socket.write(Buffer.from([index % 2 === 0 ? 0x10 : 0x30, ...LENGTH])));
    // A reset is one way to close.
    socket.on('error', () => undefined).once('close', () => closings.push(performance.now() - start));
    return socket;
  });
  let peak = before;
  let bytes = 0;
  while (closings.length < SOCKETS && performance.now() - start < PATIENCE_MS) {
    await sleep(EVERY_MS);
    for (const socket of sockets) {
      if (socket.destroyed || socket.writableLength > 0 || socket.connecting) continue;
      socket.write(PIECE);
      bytes += PIECE.length;
    }
    peak = Math.max(peak, memoryMb(pid));
  }
  await sleep(500);
  return {
    growthMb: Math.max(peak, memoryMb(pid)) - before,
    closed: closings.length,
    slowestMs: closings.length === SOCKETS ? Math.max(...closings) : PATIENCE_MS,
    sentMb: bytes / 1e6,
    memoryMb: peak,
  };
}
