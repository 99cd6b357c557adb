import { createHash } from 'node:crypto';
import { connect, type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt';
import { type Program, run, start, until } from './mqtt-programs.ts';

export type DiffVersion = '5' | '311';

/** How long anything may take to come. */
const PATIENCE_MS = 20_000;

/** A running mosquitto_sub. */
export interface Listener {
  /** What it got, in order. */
  readonly heard: readonly string[];
  /** The QoS granted for each filter, or the reasons. */
  readonly granted: string;
  /** Waits until a payload came. */
  hears(payload: string): Promise<void>;
  /** Waits for so many messages. */
  hearsSome(count: number): Promise<void>;
  /** Stops it for ever, with its connection open. */
  freeze(): void;
  /** It is killed: no DISCONNECT. Resolves to what it got. */
  leave(): Promise<readonly string[]>;
}

/** What a script does to one broker. All topics are below one of its own, which is left out of what it reports. */
export interface Kit {
  readonly version: DiffVersion;
  topic(rest: string): string;
  /** An id that no other script has. */
  id(name: string): string;
  /** mosquitto_pub, `-q 2` unless told otherwise. */
  pub(rest: string, payload: string | undefined, ...args: string[]): Promise<void>;
  /** mosquitto_sub, `-q 2` unless told otherwise; resolves when it is subscribed. */
  sub(rest: string | readonly string[], ...args: string[]): Promise<Listener>;
  /** mosquitto_sub that subscribes and says goodbye. */
  visit(rest: string | readonly string[], ...args: string[]): Promise<void>;
  /** mosquitto_sub to its end; what it got. */
  fetch(rest: string, count: number, ...args: string[]): Promise<readonly string[]>;
  /** mosquitto_rr; the payload of the answer. */
  ask(rest: string, answerTo: string, payload: string): Promise<readonly string[]>;
  /** MQTT.js, for what mosquitto_sub cannot ask for. */
  open(options?: IClientOptions): Promise<Caller>;
  /** The same with the other version. */
  as(version: DiffVersion): Kit;
}

export interface Caller {
  readonly client: MqttClient;
  readonly hasSession: boolean;
  readonly heard: readonly string[];
  readonly hears: (payload: string) => Promise<void>;
}

export interface KitPlace {
  readonly port: number;
  readonly prefix: string;
  readonly version: DiffVersion;
  /** Takes what is to be stopped at the end. */
  readonly stops: (() => Promise<unknown>)[];
}

export function makeKit(place: KitPlace): Kit {
  const { port, prefix, version, stops } = place;
  const at = ['-h', '127.0.0.1', '-p', String(port), '-V', version === '5' ? '5' : 'mqttv311'];
  const topic = (rest: string) => (rest.startsWith('$share/') ? shared(rest, prefix) : `${prefix}/${rest}`);
  const many = (rest: string | readonly string[]) => [rest].flat().flatMap((one) => ['-t', topic(one)]);
  const withQos = (args: readonly string[]) => (args.includes('-q') ? args : ['-q', '2', ...args]);
  const shown = ['-F', `MSG %j${SEPARATOR}%P`];

  return {
    version,
    topic,
    id: (name) => `${prefix}-${name}`,
    async pub(rest, payload, ...args) {
      const content = payload === undefined ? ['-n'] : ['-m', payload];
      await run('mosquitto_pub', [...at, '-t', topic(rest), ...content, ...withQos(args)]);
    },
    async sub(rest, ...args) {
      const program = start('stdbuf', ['-oL', 'mosquitto_sub', ...at, '-d', ...many(rest), ...shown, ...withQos(args)]);
      stops.push(() => program.stop('SIGKILL'));
      await until(`${prefix} subscribed`, () => subscribed(program) !== undefined, PATIENCE_MS);
      return listenerOf(program, prefix);
    },
    async visit(rest, ...args) {
      await run('mosquitto_sub', [...at, '-E', ...many(rest), ...withQos(args)]);
    },
    async fetch(rest, count, ...args) {
      const bounded = ['-C', String(count), '-W', String(PATIENCE_MS / 1_000)];
      const lines = await run('mosquitto_sub', [...at, '-t', topic(rest), ...shown, ...bounded, ...withQos(args)]);
      return messagesOf(lines, prefix);
    },
    ask: (rest, answerTo, payload) =>
      run('mosquitto_rr', [...at, '-t', topic(rest), '-e', topic(answerTo), '-m', payload, '-W', '20', '-q', '1']),
    async open(options = {}) {
      const protocolVersion = version === '5' ? 5 : 4;
      const client = connect(`mqtt://127.0.0.1:${port}`, { protocolVersion, reconnectPeriod: 0, ...options });
      stops.push(() => client.endAsync(true));
      return callerOf(client, prefix);
    },
    as: (other) => makeKit({ ...place, version: other }),
  };
}

/** Stands between the JSON and the user properties, which JSON cannot hold twice. */
const SEPARATOR = '\u241f';

const shared = (rest: string, prefix: string): string => rest.replace(/^(\$share\/[^/]+)\//, `$1/${prefix}/`);

const subscribed = ({ lines }: Program): string | undefined => lines.find((line) => line.startsWith('Subscribed '));

function listenerOf(program: Program, prefix: string): Listener {
  const heard = () => messagesOf(program.lines, prefix);
  return {
    get heard() {
      return heard();
    },
    granted: subscribed(program)?.replace(/.*: /, '') ?? '',
    hears: (payload) => hears(payload, heard),
    hearsSome: (count) =>
      until(`${count} messages, got ${heard().join(' | ')}`, () => heard().length >= count, PATIENCE_MS).then(
        () => undefined,
      ),
    freeze: () => void program.child.kill('SIGSTOP'),
    async leave() {
      await program.stop('SIGKILL');
      return heard();
    },
  };
}

async function callerOf(client: MqttClient, prefix: string): Promise<Caller> {
  const heard: string[] = [];
  client.on('message', (topic, payload, packet: IPublishPacket) => {
    const { qos, retain, properties = {} } = packet;
    const { subscriptionIdentifier: id } = properties;
    const rest = topic.slice(prefix.length + 1);
    heard.push(
      `${rest} q${qos} r${retain ? 1 : 0} ${shortened(payload.toString())}${id === undefined ? '' : ` id:${[id].flat().join()}`}`,
    );
  });
  const { sessionPresent } = await new Promise<IConnackPacket>((resolve, reject) => {
    client.once('connect', resolve);
    client.on('error', reject);
  });
  return { client, hasSession: sessionPresent, heard, hears: (payload) => hears(payload, () => heard) };
}

async function hears(payload: string, heard: () => readonly string[]): Promise<void> {
  const isIt = (line: string) => `${line.split(' ').slice(3).join(' ')} `.startsWith(`${payload} `);
  await until(`"${payload}", got ${heard().join(' | ')}`, () => heard().some(isIt), PATIENCE_MS);
}

interface Shown {
  readonly topic: string;
  readonly qos: number;
  readonly retain: number;
  readonly payload: string | null;
  readonly properties?: Readonly<Record<string, unknown>>;
}

function messagesOf(lines: readonly string[], prefix: string): string[] {
  return lines.filter((line) => line.startsWith('MSG ')).map((line) => normal(line.slice(4), prefix));
}

/** One message in one line: no time, no packet identifier, properties in one order. */
function normal(line: string, prefix: string): string {
  const [json = '', user = ''] = line.split(SEPARATOR);
  const message: Shown = JSON.parse(json);
  const { topic, qos, retain, payload, properties = {} } = message;
  const shownProperties = Object.entries({ ...properties, 'user-properties': user })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ` ${name}:${name === 'message-expiry-interval' ? about(Number(value)) : value}`);
  const rest = topic.startsWith(prefix) ? topic.slice(prefix.length + 1) : topic;
  return `${rest} q${qos} r${retain} ${shortened(payload ?? '')}${shownProperties.sort().join('')}`.replaceAll(
    prefix,
    '~',
  );
}

/** Seconds that are left: a busy machine takes some of them. */
const about = (seconds: number): string => (seconds > 500 && seconds <= 600 ? 'about 600' : String(seconds));

function shortened(payload: string): string {
  if (payload.length <= 80) return payload;
  return `${payload.length} characters ${createHash('sha256').update(payload).digest('hex').slice(0, 12)}`;
}
