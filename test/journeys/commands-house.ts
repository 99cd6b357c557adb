import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generate, type IConnectPacket, type IPublishPacket, parser } from 'mqtt-packet';
import { makeHome, type Running, run } from '../fakes/processes.ts';

const CHILD = fileURLToPath(new URL('commands-child.ts', import.meta.url));

/** The points of the cases, and the relays that stand for them. */
const RELAYS: Readonly<Record<string, readonly [device: string, line: string]>> = {
  'gate/open': ['gate', 'gpio5'],
  'pump/state': ['pump', 'gpio17'],
  'lamp/state': ['lamp', 'gpio6'],
  'blind/up': ['blind_up', 'gpio22'],
  'blind/down': ['blind_down', 'gpio23'],
  'bell/state': ['bell', 'gpio27'],
};

export interface Sent {
  readonly topic: string;
  readonly payload: string;
  readonly retain?: boolean;
  readonly qos?: 0 | 1;
  readonly packet?: number;
  readonly dup?: boolean;
  /** s */
  readonly expiry?: number;
}

/** A node with relays, alive or killed, and all that its relays did. */
export interface House {
  start(): Promise<void>;
  kill(): Promise<void>;
  send(sent: Sent): Promise<void>;
  /** Waits until the node has heard all that was sent before. */
  heard(): Promise<void>;
  /** What is wrong with its lines; see commands-child.ts. */
  mood(text: string): void;
  /** Each write to a relay but the bell, in the words of the cases. */
  acts(): string[];
  end(): Promise<void>;
}

/** `broker`: what the scheme says of it. `port`: where commands are sent to. */
export function makeHouse(name: string, broker: string, port: number): House {
  const relays = Object.values(RELAYS).map(([device, line]) => `  ${device}: {kind: relay, at: ${line}}\n`);
  const gate = 'mode: once, points: {state: {name: open}}';
  // The bell goes through the journal as the gate does: when it rings, all that was asked before is done.
  const devices = relays
    .join('')
    .replace('at: gpio5}', `at: gpio5, ${gate}}`)
    .replace('at: gpio27}', 'at: gpio27, mode: once, rate: 50}');
  const home = makeHome(`node: ${name}\nbroker: ${broker}\ndevices:\n${devices}`);
  const [actsFile, moodFile] = [join(home.folder, 'acts.txt'), join(home.folder, 'mood.txt')];
  mkdirSync(join(home.folder, 'run'));
  for (const file of [actsFile, moodFile]) writeFileSync(file, '');
  let node: Running | undefined;
  let rings = 0;
  const lines = () => readFileSync(actsFile, 'utf8').split('\n').filter(Boolean);
  const send = (sent: Sent) =>
    publish(port, { ...sent, topic: topicOf(name, sent.topic), payload: fill(sent.payload) });
  const kill = async () => {
    await node?.end('SIGKILL');
    node = undefined;
  };
  return {
    async start() {
      node = run(process.execPath, [CHILD, home.folder, actsFile, moodFile], home.env);
      await node.says(/^ready$/m);
    },
    kill,
    send,
    async heard() {
      const rung = () => lines().filter(isBell).length;
      const before = rung();
      for (let tries = 0; rung() === before; tries += 1) {
        if (tries === 600) throw new Error(`${name} does not answer:\n${node?.text().slice(-3_000)}`);
        if (tries % 20 === 0) {
          rings += 1;
          await send({ topic: 'bell/state/set', payload: rings % 2 === 0 ? 'off' : 'on', qos: 1 });
        }
        await sleep(25);
      }
    },
    mood: (text) => writeFileSync(moodFile, text),
    acts: () =>
      lines()
        .filter((line) => !isBell(line))
        .map(inCaseWords),
    async end() {
      await kill();
      rmSync(home.folder, { recursive: true, force: true });
    },
  };
}

const isBell = (line: string): boolean => line.startsWith('gpio27=');
const fill = (text: string): string =>
  text.replace(/\{now-(\d+)\}/, (_, ms: string) => String(Date.now() - Number(ms)));

/** `gate/open/set` is `hanbus/<node>/gate/open/set`, `blind/up/set` that of a relay of its own. */
function topicOf(node: string, topic: string): string {
  const [device = '', point = '', last = ''] = topic.split('/');
  const [relay = device] = RELAYS[`${device}/${point}`] ?? [];
  return `hanbus/${node}/${relay}/${device === 'gate' ? 'open' : 'state'}/${last}`;
}

function inCaseWords(act: string): string {
  const [line, value] = act.split('=');
  const [point = ''] = Object.entries(RELAYS).find(([, [, own]]) => own === line) ?? [];
  return `${point.replace('/', '.')}=${point === 'gate/open' && value === 'on' ? 'open' : value}`;
}

/** By mosquitto_pub; what it cannot send (a packet of the sender's own number, sent again) byte by byte. */
async function publish(port: number, sent: Sent): Promise<void> {
  if (sent.packet !== undefined) return await publishBytes(port, sent);
  const { topic, payload, retain = false, qos = 0, expiry } = sent;
  const program = run('mosquitto_pub', [
    ...['-V', '5', '-h', '127.0.0.1', '-p', String(port), '-t', topic, '-q', String(qos)],
    ...(payload === '' ? ['-n'] : ['-m', payload]),
    ...(retain ? ['-r'] : []),
    ...(expiry === undefined ? [] : ['-D', 'publish', 'message-expiry-interval', String(expiry)]),
  ]);
  await new Promise((resolve) => program.child.once('close', resolve));
}

async function publishBytes(
  port: number,
  { topic, payload, packet = 1, dup = false, retain = false }: Sent,
): Promise<void> {
  const hello: IConnectPacket = {
    ...{ cmd: 'connect', clientId: 'phone', protocolId: 'MQTT', protocolVersion: 5, clean: false, keepalive: 60 },
    properties: { sessionExpiryInterval: 600 },
  };
  const message: IPublishPacket = { cmd: 'publish', topic, payload, qos: 1, messageId: packet, dup, retain };
  const socket = connect(port, '127.0.0.1');
  const read = parser({ protocolVersion: 5 });
  try {
    await new Promise<void>((resolve, reject) => {
      read.on('packet', ({ cmd }) => {
        if (cmd === 'connack') socket.write(generate(message, { protocolVersion: 5 }));
        if (cmd === 'puback') resolve();
      });
      socket.on('data', (bytes) => read.parse(bytes));
      for (const event of ['close', 'error'])
        socket.on(event, () => reject(new Error(`no answer to packet ${packet}`)));
      socket.write(generate(hello, { protocolVersion: 5 }));
    });
  } finally {
    socket.destroy();
  }
}
