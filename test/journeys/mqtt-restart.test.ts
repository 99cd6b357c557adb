import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { brokerNode, relay, startNodeRed, TAB } from './mqtt-node-red-program.ts';
import { until } from './mqtt-programs.ts';
import { type Member, numbered, openMember, type RestartedBroker, startBroker } from './mqtt-restart-broker.ts';

const SIGNALS = ['SIGTERM', 'SIGKILL'] as const;

let stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

async function brokerToEnd(): Promise<RestartedBroker> {
  const broker = await startBroker();
  stops.push(() => broker.remove());
  return broker;
}

const BASE = 'zigbee2mqtt';
const OFFLINE = JSON.stringify({ state: 'offline' });
const ONLINE = JSON.stringify({ state: 'online' });

/** The connection of a Zigbee2MQTT: QoS 1, retained availability with a will, device states, commands. */
async function joinZigbee(port: number, version: 4 | 5): Promise<Member> {
  const will = { topic: `${BASE}/bridge/state`, payload: Buffer.from(OFFLINE), qos: 1 as const, retain: true };
  const zigbee = await openMember(port, version, { clientId: `mqttjs_zigbee_${version}`, will });
  stops.push(() => zigbee.client.endAsync(true));
  return zigbee;
}

/** The connection of a home automation: it listens to everything and sends commands. */
async function joinHome(port: number, version: 4 | 5): Promise<Member> {
  const home = await openMember(port, version, { clientId: `home_${version}` });
  stops.push(() => home.client.endAsync(true));
  return home;
}

describe.each([4, 5] as const)('Zigbee2MQTT and a home automation, MQTT version %i', (version) => {
  it.each(SIGNALS)('lose nothing when the broker ends by %s and comes back', async (signal) => {
    const broker = await brokerToEnd();
    const zigbee = await joinZigbee(broker.port, version);
    let home = await joinHome(broker.port, version);
    await zigbee.client.subscribeAsync(`${BASE}/+/set`, { qos: 1 });
    await home.client.subscribeAsync(`${BASE}/#`, { qos: 1 });
    await zigbee.say(`${BASE}/bridge/state`, ONLINE, true);
    await zigbee.say(`${BASE}/bridge/info`, '{"version":"2.12.1"}', true);
    await zigbee.say(`${BASE}/bridge/devices`, `[${'{"type":"Router"},'.repeat(500)}{}]`, true);
    const say = (payloads: readonly string[]) => payloads.map((payload) => zigbee.say(`${BASE}/lamp`, payload));

    await Promise.all(say(numbered('before')));
    await home.hears(numbered('before'));
    await home.say(`${BASE}/lamp/set`, '{"state":"OFF"}');
    await zigbee.hears(['{"state":"OFF"}']);
    await home.leave();
    await Promise.all(say(numbered('waits'))); // acknowledged for a client that is away
    await broker.end(signal);
    await until('the loss', () => !zigbee.client.connected);
    const during = say(numbered('during'));
    await broker.start();
    await Promise.all([...during, ...say(numbered('after'))]);

    const known = home.heard.length;
    home = await joinHome(broker.port, version);
    await home.hears(['waits', 'during', 'after'].flatMap((name) => numbered(name)));
    expect(known).toBeGreaterThanOrEqual(30);
    expect([zigbee.sessions, home.sessions]).toEqual([[false, true], [true]]);
    await home.say(`${BASE}/lamp/set`, '{"state":"ON"}'); // nobody subscribed again
    await zigbee.hears(['{"state":"ON"}']);
    await expectRetained(broker.port);
  });
});

/** What is retained for somebody who was never here: the last of each topic. */
async function expectRetained(port: number): Promise<void> {
  const late = await openMember(port, 5, { clientId: 'late', clean: true });
  stops.push(() => late.client.endAsync(true));
  await late.client.subscribeAsync(`${BASE}/bridge/#`, { qos: 1 });
  await late.hears(['{"version":"2.12.1"}']);
  expect(late.heard.filter((payload) => payload.includes('Router'))).toHaveLength(1);
  expect(late.heard.filter((payload) => payload === ONLINE || payload === OFFLINE)).toHaveLength(1);
}

/** What comes on `from/#` goes into a file, and out on `to`: while it is not connected, `mqtt out` throws away. */
function flowsOf(port: number, filename: string): object[] {
  const lasting = { clientid: 'node-red', cleansession: false, sessionExpiry: '3600' };
  const [incoming, outgoing] = relay('', 'broker', ['from/#', '1'], 'to');
  const toFile = { filename, filenameType: 'str', appendNewline: true, overwriteFile: 'false', wires: [[]] };
  return [
    TAB,
    brokerNode('broker', port, '5', lasting),
    { ...incoming, wires: [['out', 'writer']] },
    { ...outgoing },
    { id: 'writer', type: 'file', z: 'tab', x: 10, y: 10, ...toFile },
  ];
}

describe('a real Node-RED with MQTT 5 and a session that lasts', () => {
  it('loses nothing when the broker ends, twice, and comes back', async () => {
    const broker = await brokerToEnd();
    const folder = mkdtempSync(join(tmpdir(), 'hanbus-relayed-'));
    stops.push(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'came.txt');
    const nodeRed = await startNodeRed(flowsOf(broker.port, file));
    stops.push(() => nodeRed.stop());
    const came = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
    const arrive = (payloads: readonly string[]) =>
      until(`${payloads.at(-1)} and those before`, () => payloads.every((payload) => came().includes(payload)));
    const caller = await openMember(broker.port, 5, { clientId: 'caller' });
    stops.push(() => caller.client.endAsync(true));
    await caller.client.subscribeAsync('to', { qos: 1 });
    await caller.say('from/start', 'kept', true);
    await caller.hears(['kept']);
    const connections = () => nodeRed.lines.filter((line) => line.includes('Connected to broker')).length;
    for (const [index, signal] of SIGNALS.entries()) {
      const say = (payloads: readonly string[]) => payloads.map((payload) => caller.say('from/a', payload));
      await Promise.all(say(numbered(`before ${signal}`)));
      await caller.hears(numbered(`before ${signal}`));
      await broker.end(signal);
      await until('the loss', () => !caller.client.connected);
      const during = say(numbered(`during ${signal}`));
      await broker.start();
      await Promise.all([...during, ...say(numbered(`after ${signal}`))]);
      await arrive(['before', 'during', 'after'].flatMap((name) => numbered(`${name} ${signal}`)));
      await until('Node-RED is connected', () => connections() === index + 2);
      await caller.say('from/a', `back ${signal}`);
      await caller.hears([`back ${signal}`]);
    }
    expect(caller.sessions).toEqual([false, true, true]);
    expect(came().filter((line) => line === 'kept')).toHaveLength(1);
  });
});
