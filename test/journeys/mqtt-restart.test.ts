import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { endAll } from '../fakes/processes.ts';
import { brokerNode, relay, startNodeRed, TAB } from './mqtt-node-red-program.ts';
import { type Program, until } from './mqtt-programs.ts';
import { join, type Member, numbered, RestartedNode } from './mqtt-restart-node.ts';

const SIGNALS = ['SIGTERM', 'SIGKILL'] as const;
/** Sessions live in memory still: to be taken away when the node keeps them on disk. */
const IS_DURABLE = false;

let stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});
afterAll(endAll);

async function startNode(): Promise<RestartedNode> {
  const node = await RestartedNode.start();
  stops.push(() => node.end('SIGKILL'));
  return node;
}

const BASE = 'zigbee2mqtt';
const OFFLINE = JSON.stringify({ state: 'offline' });
const ONLINE = JSON.stringify({ state: 'online' });

/** The connection of a Zigbee2MQTT: QoS 1, retained availability with a will, device states, commands. */
async function joinZigbee(port: number, version: 4 | 5): Promise<Member> {
  const will = { topic: `${BASE}/bridge/state`, payload: Buffer.from(OFFLINE), qos: 1 as const, retain: true };
  const zigbee = await join(port, version, { clientId: `mqttjs_zigbee_${version}`, will });
  stops.push(() => zigbee.client.endAsync(true));
  return zigbee;
}

/** The connection of a home automation: it listens to everything and sends commands. */
async function joinHome(port: number, version: 4 | 5): Promise<Member> {
  const home = await join(port, version, { clientId: `home_${version}` });
  stops.push(() => home.client.endAsync(true));
  return home;
}

describe.runIf(IS_DURABLE).each([4, 5] as const)('Zigbee2MQTT and a home automation, MQTT version %i', (version) => {
  it.each(SIGNALS)('lose nothing when the node ends by %s and comes back', async (signal) => {
    const node = await startNode();
    const zigbee = await joinZigbee(node.port, version);
    let home = await joinHome(node.port, version);
    await zigbee.client.subscribeAsync(`${BASE}/+/set`, { qos: 1 });
    await home.client.subscribeAsync(`${BASE}/#`, { qos: 1 });
    await zigbee.say(`${BASE}/bridge/state`, ONLINE, true);
    await zigbee.say(`${BASE}/bridge/info`, '{"version":"2.12.1"}', true);
    await zigbee.say(`${BASE}/bridge/devices`, `[${'{"type":"Router"},'.repeat(500)}{}]`, true);
    const say = (payloads: readonly string[]) => payloads.map((payload) => zigbee.say(`${BASE}/lamp`, payload));

    await Promise.all(say(numbered('before')));
    await home.hears(numbered('before'));
    await home.leave();
    await Promise.all(say(numbered('waits'))); // acknowledged for a client that is away
    await node.end(signal);
    await until('the loss', () => !zigbee.client.connected);
    const during = say(numbered('during'));
    await node.start();
    await Promise.all([...during, ...say(numbered('after'))]);

    const known = home.heard.length;
    home = await joinHome(node.port, version);
    await home.hears(['waits', 'during', 'after'].flatMap((name) => numbered(name)));
    expect(known).toBeGreaterThanOrEqual(30);
    expect([zigbee.sessions, home.sessions]).toEqual([[false, true], [true]]);
    await home.say(`${BASE}/lamp/set`, '{"state":"ON"}'); // nobody subscribed again
    await zigbee.hears(['{"state":"ON"}']);
    await expectRetained(node.port);
  });
});

/** What is retained for somebody who was never here: the last of each topic. */
async function expectRetained(port: number): Promise<void> {
  const late = await join(port, 5, { clientId: 'late', clean: true });
  stops.push(() => late.client.endAsync(true));
  await late.client.subscribeAsync(`${BASE}/bridge/#`, { qos: 1 });
  await late.hears(['{"version":"2.12.1"}']);
  expect(late.heard.filter((payload) => payload.includes('Router'))).toHaveLength(1);
  expect(late.heard.filter((payload) => payload === ONLINE || payload === OFFLINE)).toHaveLength(1);
}

describe.runIf(IS_DURABLE)('a real Node-RED with MQTT 5 and a session that lasts', () => {
  let nodeRed: Program | undefined;

  it('loses nothing when the node ends, twice, and comes back', async () => {
    const node = await startNode();
    const lasting = { clientid: 'node-red', cleansession: false, sessionExpiry: '3600' };
    const flows = [brokerNode('broker', node.port, '5', lasting), ...relay('', 'broker', ['from/#', '1'], 'to')];
    nodeRed = await startNodeRed([TAB, ...flows]);
    stops.push(() => nodeRed?.stop());
    const caller = await join(node.port, 5, { clientId: 'caller' });
    stops.push(() => caller.client.endAsync(true));
    await caller.client.subscribeAsync('to', { qos: 1 });
    await caller.say('from/start', 'kept', true);
    await caller.hears(['kept']);
    for (const signal of SIGNALS) {
      const say = (payloads: readonly string[]) => payloads.map((payload) => caller.say('from/a', payload));
      await Promise.all(say(numbered(`before ${signal}`)));
      await caller.hears(numbered(`before ${signal}`));
      await node.end(signal);
      await until('the loss', () => !caller.client.connected);
      const during = say(numbered(`during ${signal}`));
      await node.start();
      await Promise.all([...during, ...say(numbered(`after ${signal}`))]);
      await caller.hears([...numbered(`during ${signal}`), ...numbered(`after ${signal}`)]);
    }
    expect(caller.sessions).toEqual([false, true, true]);
    expect(caller.heard.filter((payload) => payload === 'kept')).toHaveLength(1);
  });
});
