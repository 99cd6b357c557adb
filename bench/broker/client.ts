import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';

/** Where a load goes. */
export interface Target {
  readonly port: number;
  /** The process of the broker. */
  readonly pid: number;
  readonly seconds: number;
  readonly long: boolean;
}

/** One connection to the broker, let in. */
export interface Client {
  readonly socket: Socket;
  /** Gets what the broker sends; the bytes are only lent. */
  receive: (bytes: Uint8Array) => void;
}

const PATIENCE_MS = 10_000;
/** Lent to all sockets in turn: a read and its callback happen in one go. */
const SHARED = Buffer.allocUnsafeSlow(262_144);

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The same promise, or an error that says what was waited for. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until it is so, looking each few ms. */
export async function until(what: string, isSo: () => boolean, ms = PATIENCE_MS): Promise<void> {
  const end = performance.now() + ms;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await sleep(2);
  }
}

function ignore(): void {
  // What comes while nobody asks for it is not looked at.
}

/** A socket that hands its bytes to `receive` and allocates nothing for them. */
export function dial(port: number, localAddress?: string): Client {
  const client: Client = {
    receive: ignore,
    socket: connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
      onread: {
        buffer: SHARED,
        callback(length, bytes) {
          client.receive(bytes.subarray(0, length));
          return true;
        },
      },
    }),
  };
  return client;
}

export const connectPacket = (clientId: string): Buffer =>
  generate({ cmd: 'connect', clientId, protocolVersion: 4, clean: true, keepalive: 0 });

/** A client that the broker has let in. */
export async function openClient(port: number, clientId: string): Promise<Client> {
  const client = dial(port);
  await within(PATIENCE_MS, `the CONNACK of ${clientId}`, ask(client, connectPacket(clientId), [0x20]));
  return client;
}

export const subscribePacket = (filter: string, qos: 0 | 1): Buffer =>
  generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos }] });

/**
 * A client with a subscription. CONNECT and SUBSCRIBE leave together: a socket that answers what it received makes
 * Linux delay its acknowledgements by up to 40 ms, and brokers that use Nagle's algorithm then gather messages.
 */
export async function openSubscriber(port: number, clientId: string, filter: string, qos: 0 | 1): Promise<Client> {
  const client = dial(port);
  const packets = Buffer.concat([connectPacket(clientId), subscribePacket(filter, qos)]);
  await within(PATIENCE_MS, `CONNACK and SUBACK of ${clientId}`, ask(client, packets, [0x20, 0x90]));
  return client;
}

/** Return codes are the fourth byte of a CONNACK and the fifth of a SUBACK. */
const CODE_AT: Readonly<Record<number, number>> = { 32: 3, 144: 4 };

/** Sends and waits for packets that start so. Refusals are errors. */
function ask(client: Client, request: Buffer, answers: readonly number[]): Promise<void> {
  return new Promise((done, fail) => {
    const lost = (): void => fail(new Error('the broker closed the connection'));
    const broken = (error: Error): void => fail(error);
    client.socket.once('close', lost).once('error', broken);
    let got = Buffer.alloc(0);
    client.receive = (bytes) => {
      got = Buffer.concat([got, bytes]);
      const found = answersIn(got);
      if (found.length < answers.length) return;
      client.socket.off('close', lost).off('error', broken);
      client.receive = ignore;
      const isWanted = answers.every((type, index) => found[index]?.[0] === type && isGranted(found[index]));
      if (isWanted) done();
      else fail(new Error(`the broker answered ${got.subarray(0, 16).toString('hex')}`));
    };
    client.socket.write(request);
  });
}

/** Complete packets of less than 128 bytes. */
function answersIn(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const next = at + 2 + (bytes[at + 1] ?? 0);
    if (next > bytes.length) break;
    found.push(bytes.subarray(at, next));
    at = next;
  }
  return found;
}

const isGranted = (packet: Buffer): boolean => (packet[CODE_AT[packet[0] ?? 0] ?? 0] ?? 128) <= 2;
