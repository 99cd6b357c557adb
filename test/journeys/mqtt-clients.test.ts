import { connect as connectSocket, createServer } from 'node:net';
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { HanbusError } from '../../src/kit/errors.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { freePort, run, start, until } from './mqtt-programs.ts';

let bus: Bus;
let broker: Broker;
let port = 0;
const { log, lines } = makeFakeLog();

beforeAll(async () => {
  bus = new Bus((error) => {
    throw error;
  });
  broker = openBroker({ bus, clock: makeSystemClock(), log });
  ({ port } = await broker.listenTcp({ port: 0 }));
});
afterAll(() => broker.stop());

const at = (version: string) => ['-h', '127.0.0.1', '-p', String(port), '-V', version];
const pub = (version: string, ...args: string[]) => run('mosquitto_pub', [...at(version), ...args]);

/** A mosquitto_sub that is subscribed. The topic must be its own. */
async function sub(version: string, topic: string, ...args: string[]) {
  const program = start('mosquitto_sub', [...at(version), '-v', '-t', topic, ...args]);
  await until('subscribed', () => bus.isInterested(topic));
  return program;
}

describe.each(['5', 'mqttv311', 'mqttv31'])('mosquitto_pub and mosquitto_sub, -V %s', (version) => {
  it.each(['0', '1', '2'])('exchange messages with -q %s', async (qos) => {
    const topic = `m/${version}/${qos}`;
    const listener = await sub(version, topic, '-q', qos, '-C', '2');
    await pub(version, '-t', topic, '-q', qos, '-m', 'hello');
    await pub(version, '-t', topic, '-q', qos, '-m', 'x'.repeat(100_000));
    expect(await listener.ended).toBe(0);
    expect(listener.lines).toEqual([`${topic} hello`, `${topic} ${'x'.repeat(100_000)}`]);
  });

  it('keep a retained message until it is cleared', async () => {
    const topic = `r/${version}`;
    await pub(version, '-t', topic, '-m', 'kept', '-r', '-q', '1');
    expect(await run('mosquitto_sub', [...at(version), '-t', topic, '-C', '1', '-F', '%p %r'])).toEqual(['kept 1']);
    await pub(version, '-t', topic, '-n', '-r', '-q', '1');
    expect(bus.retainedAt(topic)).toBeUndefined();
  });

  it('leave a will when they are killed', async () => {
    const watcher = await sub(version, `w/${version}`);
    const dying = await sub(version, `nothing/${version}`, '--will-topic', `w/${version}`, '--will-payload', 'gone');
    await dying.stop('SIGKILL');
    await until('will', () => watcher.lines.includes(`w/${version} gone`));
    await watcher.stop();
  });

  it('find in a persistent session what came while they were away', async () => {
    const id = `p${version}`;
    const session = [...at(version), '-i', id, '-c', '-q', '1', '-t', `p/${version}`];
    await run('mosquitto_sub', [...session, '-E']);
    for (const message of ['1', '2', '3']) await pub(version, '-t', `p/${version}`, '-q', '1', '-m', message);
    expect(await run('mosquitto_sub', [...session, '-C', '3'])).toEqual(['1', '2', '3']);
  });
});

describe('mosquitto clients of MQTT 5', () => {
  it('ask and answer', async () => {
    const answering = await sub('5', 'ask', '-C', '1', '-F', '%R %D %p');
    const answer = run('mosquitto_rr', [...at('5'), '-t', 'ask', '-e', 'answer', '-m', 'how warm?']);
    expect(await answering.ended).toBe(0);
    expect(answering.lines[0]).toMatch(/^answer .* how warm\?$/);
    const correlation = answering.lines[0]?.split(' ')[1] ?? '';
    await pub('5', '-t', 'answer', '-m', '21', '-D', 'publish', 'correlation-data', correlation);
    expect(await answer).toEqual(['21']);
  });

  it('see unit, time, quality, epoch and sequence of a reading', async () => {
    const reading = { value: 21.5, unit: '°C', time: 7, quality: 'good', epoch: 1, sequence: 2 } as const;
    bus.publish({ topic: 'hanbus/k/air/t', payload: { reading, form: 'plain' }, retain: true, origin: 'publisher' });
    const seen = await run('mosquitto_sub', [...at('5'), '-t', 'hanbus/k/air/t', '-C', '1', '-F', '%p %P']);
    expect(seen).toEqual(['21.5 u:°C t:7 q:good e:1 s:2']);
    expect(await run('mosquitto_sub', [...at('mqttv311'), '-t', 'hanbus/k/air/t', '-C', '1'])).toEqual(['21.5']);
  });

  it('are told when a retained command is refused', async () => {
    await pub('5', '-t', 'hanbus/k/pump/state/set', '-m', 'on', '-r', '-q', '1');
    expect(bus.retainedAt('hanbus/k/pump/state/set')).toBeUndefined();
    expect(lines.some(({ fields }) => fields.code === 'HB181')).toBe(true);
  });
});

describe.each([4, 5] as const)('MQTT.js, version %i', (protocolVersion) => {
  const open = (options: IClientOptions = {}): Promise<MqttClient> =>
    connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion, reconnectPeriod: 0, ...options });

  it.each([0, 1, 2] as const)('gets 2,000 messages in order with QoS %i', async (qos) => {
    const topic = `js/${protocolVersion}/${qos}`;
    const [from, to] = await Promise.all([open(), open()]);
    const got: number[] = [];
    to.on('message', (_topic, payload) => void got.push(Number(payload)));
    await to.subscribeAsync(topic, { qos });
    const sent = Array.from({ length: 2_000 }, (_, index) => from.publishAsync(topic, String(index), { qos }));
    await Promise.all(sent);
    await until('all', () => got.length === 2_000);
    expect(got).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
    await Promise.all([from.endAsync(), to.endAsync()]);
  });

  it('picks up a persistent session after its connection broke', async () => {
    const properties = protocolVersion === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
    const options = { clientId: `js-${protocolVersion}`, clean: false, ...properties };
    const first = await open(options);
    await first.subscribeAsync(`s/${protocolVersion}`, { qos: 1 });
    first.stream.destroy();
    await first.endAsync(true);
    bus.publish({ topic: `s/${protocolVersion}`, payload: 'waited', qos: 1, origin: 'test' });
    const got: string[] = [];
    const again = connect(`mqtt://127.0.0.1:${port}`, { protocolVersion, reconnectPeriod: 0, ...options });
    again.on('message', (_topic, payload) => void got.push(payload.toString()));
    await until('message', () => got.includes('waited'));
    await again.endAsync();
  });
});

describe('the broker over TCP', () => {
  it('does not let a frozen subscriber delay another', async () => {
    const frozen = connectSocket(port, '127.0.0.1');
    frozen.on('error', () => undefined);
    frozen.write(
      generate({ cmd: 'connect', clientId: 'frozen', protocolVersion: 5, clean: true }, { protocolVersion: 5 }),
    );
    const subscriptions = [{ topic: 'flood/#', qos: 0 as const }];
    frozen.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions }, { protocolVersion: 5 }));
    await until('subscribed', () => bus.isInterested('flood/x'));
    frozen.pause();
    const lively = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
    let got = 0;
    lively.on('message', () => {
      got += 1;
    });
    await lively.subscribeAsync('flood/#');
    const payload = 'x'.repeat(1_000);
    for (let round = 0; round < 300; round += 1) {
      for (let count = 0; count < 100; count += 1) bus.publish({ topic: `flood/${count}`, payload, origin: 'test' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('all', () => got === 30_000);
    expect(broker.counts.dropped.superseded).toBeGreaterThan(0);
    frozen.destroy();
    await lively.endAsync();
  });

  it('names the program that has the port', async () => {
    const failure = await broker.listenTcp({ port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HanbusError);
    expect(failure).toMatchObject({ code: 'HB120', message: expect.stringContaining(`pid ${process.pid}`) });
  });

  it('is not opened to other machines', async () => {
    await expect(broker.listenTcp({ host: '0.0.0.0', port: 0 })).rejects.toMatchObject({ code: 'HB183' });
    await expect(broker.listenTcp({ host: '127.255.255.254', port: 99_999 })).rejects.toThrow();
  });

  it('frees its port when it stops, however many clients there are', async () => {
    const other = openBroker({ bus, clock: makeSystemClock(), log });
    const free = await freePort();
    await other.listenTcp({ port: free });
    const client = await connectAsync(`mqtt://127.0.0.1:${free}`, { protocolVersion: 5, reconnectPeriod: 0 });
    const reasons: (number | undefined)[] = [];
    client.on('disconnect', ({ reasonCode }) => void reasons.push(reasonCode));
    const idle = connectSocket(free, '127.0.0.1');
    idle.on('error', () => undefined);
    await until('both are in', () => other.counts.clients === 1);
    await other.stop();
    await until('goodbye', () => reasons.includes(0x8b));
    const again = createServer();
    await new Promise<void>((resolve, reject) => again.once('error', reject).listen(free, '127.0.0.1', resolve));
    again.close();
    await client.endAsync(true);
    idle.destroy();
  });
});
