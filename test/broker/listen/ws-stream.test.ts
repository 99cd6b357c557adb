import { duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { Budget } from '../../../src/broker/budget.ts';
import { openWsStream, type WsStream } from '../../../src/broker/listen/ws-stream.ts';
import { turns } from '../packet-client.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The broker's end of a WebSocket over memory, and raw bytes at the other end. */
async function opened({ strangerBytes = 1_000, limit = 10_000_000 } = {}) {
  const [near, far] = duplexPair();
  const tally = { waitingBytes: 0 };
  const budget = new Budget(limit, tally);
  const { createServer } = await import('node:http');
  const server = createServer();
  const webSockets = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: 5_000_000 });
  const made = new Promise<WsStream>((resolve) => {
    server.on('upgrade', (request, _socket, head) => {
      webSockets.handleUpgrade(request, far, head, (ws) => {
        resolve(openWsStream(ws, { carrier: far, strangerBytes, budget }));
      });
    });
  });
  server.emit('connection', far);
  const head = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}`;
  near.write(`GET / HTTP/1.1\r\nHost: a\r\n${head}\r\n\r\n`);
  const { stream, trust } = await made.then((one) => ({ stream: one.stream, trust: () => one.trust() }));
  stream.on('error', () => undefined);
  near.on('error', () => undefined);
  return { near, far, stream, trust, tally };
}

/** A masked frame with a mask of zeros, of a client (RFC 6455, 5.2). */
function frame(opcode: number, payload: Buffer, announced = payload.length): Buffer {
  const head = Buffer.alloc(14);
  head[0] = 0x80 | opcode;
  head[1] = 0xff;
  head.writeBigUInt64BE(BigInt(announced), 2);
  return Buffer.concat([head, payload]);
}

it('takes no more than some bytes before the login, and all of them after it', async () => {
  const { near, far, stream, trust } = await opened({ strangerBytes: 1_000 });
  let read = 0;
  stream.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  near.write(frame(2, Buffer.alloc(500)));
  await turns();
  expect([far.isPaused(), read]).toEqual([false, 500]);
  near.write(Buffer.concat([frame(2, Buffer.alloc(500)), frame(2, Buffer.alloc(0), 2_000_000)]));
  for (let count = 0; count < 40; count += 1) near.write(Buffer.alloc(50_000));
  await turns();
  expect([far.isPaused(), read]).toEqual([true, 1_000]);
  expect(near.writableLength).toBeGreaterThan(1_800_000);
  trust();
  await turns(200);
  expect(read).toBe(2_001_000);
  expect(near.writableLength).toBe(0);
});

it('takes no more small frames before the login either', async () => {
  const { near, stream, trust } = await opened({ strangerBytes: 1_000 });
  let read = 0;
  stream.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  for (let count = 0; count < 100; count += 1) near.write(frame(2, Buffer.alloc(500)));
  await turns(300);
  expect(read).toBeLessThan(3_000);
  trust();
  await turns(300);
  expect(read).toBe(50_000);
});

it('counts the frame that comes in, and nothing when it is whole or gone', async () => {
  const { near, stream, trust, tally } = await opened();
  trust();
  stream.resume();
  const bytes = frame(2, Buffer.alloc(100_000));
  near.write(bytes.subarray(0, 60_000));
  await turns();
  expect(tally.waitingBytes).toBe(60_000);
  near.write(bytes.subarray(60_000));
  await turns();
  expect(tally.waitingBytes).toBe(0);
  near.write(bytes.subarray(0, 70_000));
  await turns();
  expect(tally.waitingBytes).toBe(70_000);
  near.destroy();
  stream.destroy(); // as the door does when the connection has gone
  await turns();
  expect(tally.waitingBytes).toBe(0);
});

it('is disconnected when all clients together hold too much', async () => {
  const { near, stream, trust, tally } = await opened({ limit: 500_000 });
  trust();
  stream.resume();
  near.write(frame(2, Buffer.alloc(600_000), 4_000_000));
  await turns(100);
  expect(stream.destroyed).toBe(true);
  expect(tally.waitingBytes).toBe(0);
});

it('is disconnected when it asks for pongs and does not read them', async () => {
  const { near, far: carrier, stream } = await opened({ strangerBytes: 1e9 });
  near.pause();
  const ping = Buffer.concat([Buffer.of(0x89, 0x80 | 120, 0, 0, 0, 0), Buffer.alloc(120)]);
  for (let count = 0; count < 3_000 && !stream.destroyed; count += 1) {
    near.write(ping);
    if (count % 100 === 0) await turns(4);
  }
  await turns(50);
  expect(stream.destroyed).toBe(true);
  expect(carrier.writableLength).toBeLessThan(200_000);
});

it('tells a slow reader: write is refused, then drained', async () => {
  const { near, stream } = await opened();
  near.pause();
  let isBlocked = false;
  for (let count = 0; count < 100 && !isBlocked; count += 1) isBlocked = !stream.write(Buffer.alloc(16_384));
  expect(isBlocked).toBe(true);
  await turns();
  let isDrained = false;
  stream.once('drain', () => {
    isDrained = true;
  });
  await turns();
  expect(isDrained).toBe(false);
  near.resume();
  await turns(100);
  expect(isDrained).toBe(true);
});

it('ends with a close frame, and ends when the other end sends one', async () => {
  const [one, two] = [await opened(), await opened()];
  let last: Buffer = Buffer.alloc(0);
  one.near.on('data', (chunk: Buffer) => {
    last = chunk;
  });
  one.stream.resume();
  one.stream.end();
  await turns();
  expect(last[0]).toBe(0x88);
  let hasEnded = false;
  two.near.resume();
  two.stream.resume().once('end', () => {
    hasEnded = true;
  });
  two.near.write(frame(8, Buffer.alloc(0)).subarray(0, 14));
  two.near.end();
  await expect.poll(() => hasEnded || two.stream.destroyed).toBe(true);
});
