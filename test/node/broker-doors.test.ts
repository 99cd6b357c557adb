import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Broker, openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { BrokerDoors } from '../../src/node/broker-doors.ts';
import type { BrokerText, TlsText } from '../../src/schemes/scheme.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { freePort } from '../journeys/mqtt-programs.ts';

let folder: string;
let clock: FakeClock;
let broker: Broker;
let doors: BrokerDoors;
const servers: Server[] = [];
/** What the broker was asked to open. */
const opened: unknown[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hanbus-doors-'));
  clock = makeFakeClock(Date.now());
  const { log } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  });
  broker = openBroker({ bus, clock, log });
  opened.length = 0;
  const watched: Broker = {
    ...broker,
    listen(options) {
      opened.push(options);
      return broker.listen(options);
    },
  };
  doors = new BrokerDoors({ broker: watched, clock, log, dataFolder: folder, hostName: 'kitchen' });
});

afterEach(async () => {
  await doors.stop();
  await broker.stop();
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true });
});

async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

const shown = () => doors.answers.map(({ url, open }) => `${url} ${open ? 'open' : 'closed'}`);
const codes = () => doors.problems.map(({ code }) => code);

it('opens what the scheme lists, each in its own way', async () => {
  const [tcp, tls, ws, wss] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const path = join(folder, 'mqtt.sock');
  await doors.apply({
    listen: [tcp, `mqtts://127.0.0.1:${tls}`, `ws://127.0.0.1:${ws}`, `wss://[::1]:${wss}`, `unix:${path}`],
  });
  expect(shown()).toEqual([
    `mqtt://127.0.0.1:${tcp} open`,
    `mqtts://127.0.0.1:${tls} open`,
    `ws://127.0.0.1:${ws} open`,
    `wss://[::1]:${wss} open`,
    `unix:${path} open`,
  ]);
  expect(doors.problems).toEqual([]);
  const prints = doors.answers.map(({ fingerprint }) => fingerprint !== undefined);
  expect(prints).toEqual([false, true, false, true, false]);
  await doors.stop();
  expect(shown()).toEqual([]);
});

it('makes no certificate and no folder for doors without TLS', async () => {
  await doors.apply({ listen: await freePort() });
  await expect(access(join(folder, 'tls'))).rejects.toThrow('ENOENT');
});

it('opens and closes only what differs, and clients stay', async () => {
  const [first, second, third] = [await freePort(), await freePort(), await freePort()];
  await doors.apply({ listen: [first, second] });
  const client = mqtt.connect({ host: '127.0.0.1', port: second, reconnectPeriod: 0 });
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  opened.length = 0;
  await doors.apply({ listen: [first, third] });
  expect(opened).toEqual([{ transport: 'tcp', port: third, isForNetwork: false }]);
  expect(shown()).toEqual([`mqtt://127.0.0.1:${first} open`, `mqtt://127.0.0.1:${third} open`]);
  await client.publishAsync('still', 'here', { qos: 1 });
  await doors.apply({ listen: 'off' });
  expect(shown()).toEqual([]);
  await client.publishAsync('still', 'here', { qos: 1 });
  client.end(true);
});

it('tells what is taken, opens the rest, and tries again', async () => {
  const [taken, free] = [await freePort(), await freePort()];
  const other = await occupy(taken);
  await doors.apply({ listen: [taken, free] });
  expect(shown()).toEqual([`mqtt://localhost:${taken} closed`, `mqtt://127.0.0.1:${free} open`]);
  expect(codes()).toEqual(['HB120']);
  other.close();
  await once(other, 'close');
  await clock.advance(30_000);
  await expect.poll(() => codes()).toEqual([]);
  expect(shown()).toEqual([`mqtt://127.0.0.1:${taken} open`, `mqtt://127.0.0.1:${free} open`]);
});

it('tries no more when the scheme wants it no more', async () => {
  const taken = await freePort();
  await occupy(taken);
  await doors.apply({ listen: taken });
  expect(clock.pending).toBe(1);
  await doors.apply({ listen: 'off' });
  expect(clock.pending).toBe(0);
});

it('says what is wrong with a certificate, once, and opens the other doors', async () => {
  const [plain, one, two] = [await freePort(), await freePort(), await freePort()];
  const tls: TlsText = { client: 'off', cert: join(folder, 'none.pem'), key: join(folder, 'none.key') };
  await doors.apply({ tls, listen: [plain, `mqtts://127.0.0.1:${one}`, `wss://127.0.0.1:${two}`] });
  expect(shown()).toEqual([
    `mqtt://127.0.0.1:${plain} open`,
    `mqtts://127.0.0.1:${one} closed`,
    `wss://127.0.0.1:${two} closed`,
  ]);
  expect(codes()).toEqual(['HB191']);
});

it('keeps its own certificate over a change of the scheme and a restart', async () => {
  const text = async (): Promise<BrokerText> => ({ listen: `mqtts://127.0.0.1:${await freePort()}` });
  await doors.apply(await text());
  const [before] = doors.answers;
  const cert = await readFile(join(folder, 'tls', 'cert.pem'), 'utf8');
  await doors.apply(await text());
  expect(doors.answers[0]?.fingerprint).toBe(before?.fingerprint);
  await doors.stop();
  const { log } = makeFakeLog();
  const again = new BrokerDoors({ broker, clock, log, dataFolder: folder, hostName: 'other' });
  await again.apply(await text());
  expect(again.answers[0]?.fingerprint).toBe(before?.fingerprint);
  expect(await readFile(join(folder, 'tls', 'cert.pem'), 'utf8')).toBe(cert);
  await again.stop();
});

it('takes two schemes one after the other, however fast they come', async () => {
  const [first, second] = [await freePort(), await freePort()];
  await Promise.all([doors.apply({ listen: first }), doors.apply({ listen: second }), doors.apply({ listen: first })]);
  expect(shown()).toEqual([`mqtt://127.0.0.1:${first} open`]);
});

it('opens plain MQTT for the network only for a login that is marked so', async () => {
  const port = await freePort();
  const listen = `mqtt://0.0.0.0:${port}`;
  await doors.apply({ listen });
  expect(codes()).toEqual(['HB183']);
  const none = { read: [], write: [], certificates: [] };
  await doors.apply({ listen, users: [{ name: 'plug', role: 'device', prefix: 'plug', plain: true, ...none }] });
  expect(shown()).toEqual([`mqtt://0.0.0.0:${port} open`]);
  await doors.apply({ listen });
  expect(codes()).toEqual(['HB183']);
});

it('opens it, too, when a login that the scheme does not know comes, and closes it when that goes', async () => {
  const port = await freePort();
  const { log } = makeFakeLog();
  let hasPlain = false;
  const world = { broker, clock, log, dataFolder: folder, hostName: 'kitchen', hasPlain: () => hasPlain };
  const own = new BrokerDoors(world);
  await own.apply({ listen: `mqtt://0.0.0.0:${port}` });
  expect(own.answers.map(({ open }) => open)).toEqual([false]);
  hasPlain = true;
  await own.refresh();
  expect(own.answers.map(({ open }) => open)).toEqual([true]);
  hasPlain = false;
  await own.refresh();
  expect(own.answers.map(({ open }) => open)).toEqual([false]);
  await own.stop();
});
