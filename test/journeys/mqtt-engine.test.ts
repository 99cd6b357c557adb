import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineLink } from '../../src/bridge/engine-link.ts';
import { openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { freePort, run, start, startMosquitto, until } from './mqtt-programs.ts';

type Stop = () => Promise<unknown>;

let stops: Stop[] = [];
let port = 0;
beforeEach(async () => {
  port = await freePort();
});
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

async function mosquitto(more?: readonly string[]) {
  const engine = await startMosquitto(port, more);
  stops.push(() => engine.stop());
  return engine;
}

function link(more: { user?: string; password?: string } = {}) {
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  });
  const url = `mqtt://127.0.0.1:${port}`;
  const running = startEngineLink({
    bus,
    node: 'kitchen',
    url,
    clock: makeSystemClock(),
    log,
    random: () => 0,
    ...more,
  });
  stops.push(() => running.stop());
  const say = (rest: string, payload: string, retain = true) =>
    bus.publish({ topic: `hanbus/kitchen/${rest}`, payload, retain, qos: 1, origin: 'node' });
  const isUp = () => until('the link is up', () => running.state().connected);
  return { bus, running, lines, say, isUp };
}

const at = () => ['-h', '127.0.0.1', '-p', String(port)];
const listen = (...args: string[]) => {
  const program = start('mosquitto_sub', [...at(), '-v', ...args]);
  stops.push(() => program.stop());
  return program;
};

describe('the link to a real Mosquitto', () => {
  it('sends what the node says, and gives it commands, once each', async () => {
    await mosquitto();
    const { bus, say, isUp, lines } = link();
    say('$state', 'ready');
    await isUp();
    const outside = listen('-V', '5', '-t', 'hanbus/#', '-F', '%t %p %r %P');
    await until('retained state', () => outside.lines.includes('hanbus/kitchen/$state ready 1 '));
    const reading = { value: 21.5, unit: '°C', quality: 'good', epoch: 1, sequence: 2 } as const;
    bus.publish({
      topic: 'hanbus/kitchen/air/t',
      payload: { reading, form: 'plain' },
      retain: true,
      origin: 'publisher',
    });
    await until('reading', () => outside.lines.includes('hanbus/kitchen/air/t 21.5 0 u:°C q:good e:1 s:2'));

    const heard: string[] = [];
    bus.subscribe('hanbus/#', (message) => void heard.push(`${message.topic} ${textOf(message)} ${message.origin}`), {
      origin: 'test',
    });
    await run('mosquitto_pub', [...at(), '-t', 'hanbus/kitchen/air/t/$publish/set', '-m', '{"every":"2s"}']);
    await run('mosquitto_pub', [...at(), '-t', 'hanbus/kitchen/pump/state/set', '-m', 'on', '-r']);
    await run('mosquitto_pub', [...at(), '-t', 'hanbus/garden/air/t', '-m', '8', '-r']);
    await until('another node', () => heard.includes('hanbus/garden/air/t 8 engine'));
    expect(heard).toEqual(['hanbus/kitchen/air/t/$publish/set {"every":"2s"} engine', 'hanbus/garden/air/t 8 engine']);
    expect(bus.retainedAt('hanbus/garden/air/t')).toBeDefined();
    expect(lines.some(({ fields }) => fields.code === 'HB181')).toBe(true);
    expect(outside.lines.filter((line) => line.startsWith('hanbus/garden'))).toHaveLength(1);
  });

  it('deletes what the node no longer has, and says disconnected at the end', async () => {
    await mosquitto();
    await run('mosquitto_pub', [...at(), '-t', 'hanbus/kitchen/old/t', '-m', '1', '-r']);
    await run('mosquitto_pub', [...at(), '-t', 'hanbus/garden/air/t', '-m', '1', '-r']);
    const { running, say, isUp } = link();
    say('$state', 'ready');
    say('air/t', '20');
    await isUp();
    const outside = listen('-t', 'hanbus/kitchen/old/t', '-F', '%t [%p]');
    await until('deletion', () => outside.lines.includes('hanbus/kitchen/old/t []'));
    say('$state', 'disconnected');
    await running.stop();
    const kept = await run('mosquitto_sub', [...at(), '-v', '-t', 'hanbus/#', '-W', '1', '--retained-only']).catch(
      (error: unknown) => String(error),
    );
    const all = [kept].flat().join('\n');
    for (const line of ['hanbus/kitchen/$state disconnected', 'hanbus/kitchen/air/t 20', 'hanbus/garden/air/t 1'])
      expect(all).toContain(line);
    expect(all).not.toContain('old');
  });

  it('tells everything again to an engine that came back empty', async () => {
    const first = await mosquitto();
    const { running, say, isUp, lines } = link();
    say('$state', 'ready');
    say('air/t', '20');
    await isUp();
    await first.stop();
    await until('loss', () => !running.state().connected);
    expect(running.state().why).toMatch(/closed|refused|reached/i);
    say('air/t', '22');
    await mosquitto();
    await isUp();
    const outside = listen('-t', 'hanbus/#');
    await until('resync', () => outside.lines.includes('hanbus/kitchen/air/t 22'));
    expect(lines.filter(({ fields }) => fields.code === 'HB123')).toHaveLength(1);
  });

  it('logs a refused login once, as such, without the password', async () => {
    await mosquitto(['allow_anonymous false']);
    const { running, lines } = link({ user: 'ann', password: 'geheim' });
    await until('refusal', () => lines.some(({ fields }) => fields.code === 'HB126'));
    expect(running.state().connected).toBe(false);
    expect(JSON.stringify(lines)).not.toContain('geheim');
  });

  it('falls back to 3.1.1 for an engine that knows no MQTT 5', async () => {
    const world = { bus: new Bus(() => undefined), clock: makeSystemClock(), log: makeFakeLog().log };
    const broker = openBroker(world);
    const server = createServer((socket) => {
      socket.once('data', (connect: Buffer) => {
        if (connect[8] === 5) {
          socket.end(Buffer.from('20020001', 'hex'));
          return;
        }
        socket.unshift(connect);
        broker.attach(socket, { address: 'test' });
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    stops.push(
      () => new Promise((resolve) => server.close(resolve)),
      () => broker.stop(),
    );
    const { say, isUp, lines } = link();
    say('$state', 'ready');
    await isUp();
    await until('state', () => world.bus.retainedAt('hanbus/kitchen/$state') !== undefined);
    expect(lines.map(({ text, fields }) => [text, fields.mqtt])).toEqual([['engine connected', 4]]);
  });

  it('gives up at once when it is stopped while the engine does not answer', async () => {
    const silent = createServer();
    const sockets: Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => silent.close(resolve)));
    const { running } = link();
    const socket = await until('a try', () => sockets[0]);
    let isClosed = false;
    socket.resume().once('close', () => (isClosed = true));
    await running.stop();
    await until('end of the try', () => isClosed);
  });

  it('leaves lost behind when its process is killed', async () => {
    await mosquitto();
    const outside = listen('-t', 'hanbus/+/$state');
    const script = fileURLToPath(new URL('./mqtt-engine-child.ts', import.meta.url));
    const child = start(process.execPath, [script, `mqtt://127.0.0.1:${port}`]);
    await until('ready', () => outside.lines.includes('hanbus/kitchen/$state ready'));
    await child.stop('SIGKILL');
    await until('lost', () => outside.lines.includes('hanbus/kitchen/$state lost'));
  });
});
