// QoS 0 from one publisher to 100 subscribers, over our broker and over Mosquitto, in turn on the same machine.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'mqtt-packet';
import { NODE_FLAGS } from '../tools/setup/pinned-node.mjs';
import { freePort, type Measured, measured } from './node-process.ts';
import { print } from './print.ts';

const SUBSCRIBERS = 100;
const MESSAGES = 10_000;
/** Sent and not yet heard by all: keeps every broker below the queue at which it may drop. */
const WINDOW = 200;
const PATIENCE_MS = 60_000;
const ROUNDS = 3;

const TOPIC = 'hanbus/bench/device/point';
const PUBLISH = generate({ cmd: 'publish', topic: TOPIC, payload: '21.5', qos: 0, dup: false, retain: false });

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function startOurs(port: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-bench-'));
  const args = [...NODE_FLAGS, '.cache/bench/broker-alone.mjs', String(port)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  return measured(child, port, folder);
}

function startMosquitto(port: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-bench-'));
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type none\n`);
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  return measured(spawn('mosquitto', ['-c', config], { stdio: 'ignore', env }), port, folder);
}

async function dial(port: number): Promise<Socket> {
  const until = performance.now() + 5_000;
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const isOpen = await new Promise<boolean>((done) => {
      socket.once('connect', () => done(true)).once('error', () => done(false));
    });
    if (isOpen) return socket;
    if (performance.now() > until) throw new Error(`nobody listens on port ${port}`);
    await sleep(20);
  }
}

/** A client that speaks just enough MQTT; resolves when the broker has answered. */
async function client(port: number, clientId: string, subscribe: boolean): Promise<Socket> {
  const socket = await dial(port);
  socket.write(generate({ cmd: 'connect', clientId, protocolVersion: 4, clean: true, keepalive: 0 }));
  await new Promise((done) => socket.once('data', done));
  if (!subscribe) return socket;
  socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: TOPIC, qos: 0 }] }));
  await new Promise((done) => socket.once('data', done));
  return socket;
}

interface Round {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

async function round(broker: Measured): Promise<Round> {
  const { port } = broker;
  const names = Array.from({ length: SUBSCRIBERS }, (_, index) => `sub-${index}`);
  const subscribers = await Promise.all(names.map((name) => client(port, name, true)));
  const publisher = await client(port, 'pub', false);
  const cpuBefore = broker.cpuSeconds();
  const start = performance.now();
  await flood(publisher, subscribers);
  const seconds = (performance.now() - start) / 1000;
  const deliveries = MESSAGES * SUBSCRIBERS;
  const cpu = broker.cpuSeconds() - cpuBefore;
  for (const socket of [publisher, ...subscribers]) socket.destroy();
  return { perSecond: deliveries / seconds, perCpuSecond: deliveries / cpu };
}

/** Every message has the same length, so bytes heard count messages heard. */
function flood(publisher: Socket, subscribers: readonly Socket[]): Promise<void> {
  return new Promise((done, fail) => {
    const wanted = MESSAGES * SUBSCRIBERS * PUBLISH.length;
    let heard = 0;
    let sent = 0;
    const timer = setTimeout(() => fail(new Error(`lost: ${wanted - heard} of ${wanted} bytes`)), PATIENCE_MS);
    const send = (): void => {
      const heardByAll = Math.floor(heard / (SUBSCRIBERS * PUBLISH.length));
      const count = Math.min(MESSAGES - sent, WINDOW - (sent - heardByAll));
      if (count < WINDOW / 2 && sent + count < MESSAGES) return;
      publisher.write(Buffer.concat(Array.from({ length: count }, () => PUBLISH)));
      sent += count;
    };
    for (const socket of subscribers) {
      socket.on('data', (chunk: Buffer) => {
        heard += chunk.length;
        if (sent < MESSAGES) send();
        if (heard < wanted) return;
        clearTimeout(timer);
        done();
      });
    }
    send();
  });
}

async function best(start: (port: number) => Measured): Promise<Round> {
  const broker = start(await freePort());
  try {
    const rounds: Round[] = [];
    for (let index = 0; index < ROUNDS; index += 1) rounds.push(await round(broker));
    return rounds.reduce((a, b) => (b.perCpuSecond > a.perCpuSecond ? b : a));
  } finally {
    await broker.stop();
  }
}

const ours = await best(startOurs);
const mosquitto = await best(startMosquitto);
print({
  'fan-out 1:100, hanbus, messages in/s': Math.round(ours.perSecond / SUBSCRIBERS),
  'fan-out 1:100, hanbus, deliveries/s': Math.round(ours.perSecond),
  'fan-out 1:100, hanbus, deliveries/CPU s': Math.round(ours.perCpuSecond),
  'fan-out 1:100, Mosquitto, deliveries/s': Math.round(mosquitto.perSecond),
  'fan-out 1:100, Mosquitto, deliveries/CPU s': Math.round(mosquitto.perCpuSecond),
  'fan-out 1:100, hanbus to Mosquitto per CPU s': Math.round((ours.perCpuSecond / mosquitto.perCpuSecond) * 100) / 100,
});
