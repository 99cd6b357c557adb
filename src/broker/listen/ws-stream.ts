import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Budget } from '../budget.ts';

export interface WsStreamOptions {
  /** The connection that carries the frames. */
  readonly carrier: Duplex;
  /** Bytes of frames that are taken before `trust` was called. */
  readonly strangerBytes: number;
  /** Hears of frames that are not whole; the WebSocket keeps them. */
  readonly budget: Pick<Budget, 'add' | 'join' | 'keep' | 'leave'>;
}

export interface WsStream {
  readonly stream: Duplex;
  /** The client has logged in: frames may be as large as the WebSocket allows. */
  trust(): void;
}

/** RFC 6455, 7.4.1: a kind of data that this end does not take. */
const NO_TEXT = 1003;
/** Pongs that wait for a client that asks and does not read; bytes. */
const PONG_BYTES = 65_536;

/**
 * The bytes of binary frames as a stream: a packet may span frames and a frame hold many packets [MQTT-6.0.0-2]. A text
 * frame closes the connection [MQTT-6.0.0-1]. `write` waits for the socket, so it tells a slow client.
 */
export function openWsStream(ws: WebSocket, { carrier, strangerBytes, budget }: WsStreamOptions): WsStream {
  let isHeld = false;
  const stream = makeStream(ws, () => isHeld);
  const frames = countFrames(stream, budget);
  let strangerLeft = strangerBytes;

  carrier.prependListener('data', (chunk: Buffer) => {
    frames.grow(chunk.length);
    strangerLeft -= chunk.length;
    if (strangerLeft >= 0) return;
    isHeld = true;
    ws.pause();
  });
  ws.on('message', (bytes, isBinary) => {
    frames.clear();
    if (stream.destroyed) return;
    if (!isBinary || !Buffer.isBuffer(bytes)) {
      ws.close(NO_TEXT);
      stream.destroy();
    } else if (!stream.push(bytes)) ws.pause();
  });
  ws.on('ping', (question) => {
    if (carrier.writableLength < PONG_BYTES) ws.pong(question);
    else stream.destroy();
  });
  ws.on('error', (error) => stream.destroy(error));
  ws.on('close', () => {
    if (!stream.destroyed) stream.push(null);
  });

  return {
    stream,
    trust() {
      strangerLeft = Number.POSITIVE_INFINITY;
      isHeld = false;
      ws.resume();
    },
  };
}

function makeStream(ws: WebSocket, isHeld: () => boolean): Duplex {
  return new Duplex({
    read() {
      if (!isHeld()) ws.resume();
    },
    write: (chunk: Buffer, _encoding, done) => ws.send(chunk, { binary: true }, done),
    writev: (chunks, done) => ws.send(Buffer.concat(chunks.map(({ chunk }) => chunk)), { binary: true }, done),
    final(done) {
      ws.close();
      done();
    },
    destroy(error, done) {
      ws.terminate();
      done(error);
    },
  });
}

/** The bytes of the frame that comes in just now, as the budget counts them; who holds too much is disconnected. */
function countFrames(stream: Duplex, budget: WsStreamOptions['budget']) {
  let held = 0;
  const clear = () => {
    budget.add(-held);
    held = 0;
  };
  const holder = {
    get waitingBytes() {
      return held;
    },
    isConnected: true,
    cutTo: () => void stream.destroy(),
  };
  budget.join(holder);
  stream.once('close', () => {
    clear();
    budget.leave(holder);
  });
  const grow = (bytes: number) => {
    if (stream.destroyed) return;
    held += bytes;
    budget.add(bytes);
    budget.keep();
  };
  return { clear, grow };
}
