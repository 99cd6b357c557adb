import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineLink } from '../../src/bridge/engine-link.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { openOutbox } from '../../src/outbox/open-outbox.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { freePort, run, start, startMosquitto, until } from './mqtt-programs.ts';

type Stop = () => Promise<unknown>;

let stops: Stop[] = [];
let port = 0;
let folder = '';

beforeEach(async () => {
  port = await freePort();
  folder = await mkdtemp(join(tmpdir(), 'hanbus-engine-'));
});

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
  await rm(folder, { recursive: true, force: true });
});

async function mosquitto(more?: readonly string[]) {
  const engine = await startMosquitto(port, more);
  stops.push(() => engine.stop());
  return engine;
}

const listen = () => {
  const program = start('mosquitto_sub', [
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-V',
    '5',
    '-t',
    'hanbus/kitchen/+/+',
    '-t',
    'hanbus/kitchen/+/+/$v',
    '-F',
    '%t %p %P',
  ]);
  stops.push(() => program.stop());
  return program;
};

/** A node that is a bus, an outbox and a link, with the policies of four points. */
async function node() {
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  });
  const clock = makeSystemClock();
  const outbox = await openOutbox({ path: folder, clock, log, limits: { alarmBytes: 0 } });
  const policy = (point: string, keep: unknown) =>
    bus.publish({
      topic: `hanbus/kitchen/air/${point}/$publish`,
      payload: JSON.stringify({ keep }),
      retain: true,
      origin: 'publisher',
    });
  policy('all', 'all');
  policy('last', { last: 2, sync: true });
  policy('none', 'none');
  policy('short', { all: true, ttl: '1s' });
  const link = startEngineLink({
    bus,
    node: 'kitchen',
    url: `mqtt://127.0.0.1:${port}`,
    clock,
    log,
    random: () => 0.99,
    outbox,
  });
  const begin = Date.now() - 10_000;
  let sequence = 0;
  const say = (point: string, value: number, retain = true) => {
    sequence += 1;
    const reading = { value, time: begin + sequence, quality: 'good', epoch: 1, sequence } as const;
    bus.publish({
      topic: `hanbus/kitchen/air/${point}`,
      payload: { reading, form: 'plain' },
      retain,
      origin: 'publisher',
    });
  };
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await link.stop();
    await outbox.close();
  };
  stops.push(stop);
  return { begin, bus, outbox, link, say, stop, lines };
}

const values = (lines: readonly string[], point: string): string[] =>
  lines.filter((line) => line.startsWith(`hanbus/kitchen/air/${point} `)).map((line) => line.split(' ')[1] ?? '');

describe('an engine that was away', () => {
  it('gets what the policies want kept, in order, with its time, also over a restart of the node', async () => {
    const first = await mosquitto();
    const one = await node();
    await until('the link is up', () => one.link.state().connected);
    const before = listen();
    await until('a subscriber', () => {
      one.say('live', 1);
      return values(before.lines, 'live').length > 0;
    });
    one.say('all', 1);
    await until('live through the outbox', () => values(before.lines, 'all').length > 0);
    await until('acknowledged', () => one.outbox.status.readers.engine?.delivered === 1);

    await first.stop();
    await until('loss', () => !one.link.state().connected);
    for (let value = 2; value < 40; value += 1) {
      one.say('all', value);
      one.say('last', value, false);
      one.say('none', value, false);
      one.say('latest', value);
      one.say('short', value, false);
    }
    await one.stop();
    expect(one.outbox.status.readers.engine).toMatchObject({ queued: 38 + 2 + 38, dropped: { superseded: 36 } });

    await mosquitto();
    const after = listen();
    const announce = setInterval(() => {
      void run('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), '-t', 'hanbus/kitchen/test/up', '-m', '1']);
    }, 100);
    await until('a subscriber', () => after.lines.length > 0);
    clearInterval(announce);
    const two = await node();
    await until('the last one', () => values(after.lines, 'all').at(-1) === '39');
    await until('all acknowledged', () => two.outbox.status.readers.engine?.queued === 0);
    expect(values(after.lines, 'all')).toEqual(Array.from({ length: 38 }, (_, index) => String(index + 2)));
    expect(values(after.lines, 'last')).toEqual(['38', '39']);
    expect(values(after.lines, 'none')).toEqual([]);
    expect(values(after.lines, 'short')).toEqual([]);
    expect(after.lines.find((line) => line.startsWith('hanbus/kitchen/air/all 2 '))).toMatch(
      / t:1\d{12} q:good e:1 s:\d+/,
    );
    two.say('all', 42);
    await until('live again', () => values(after.lines, 'all').at(-1) === '42');
    const { engine } = two.outbox.status.readers;
    expect(engine).toMatchObject({ accepted: 79, delivered: 41, expired: 38, queued: 0 });
    expect(two.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('of what it had not acknowledged, nothing is missing', async () => {
    const first = await mosquitto();
    const { link, say, outbox } = await node();
    await until('the link is up', () => link.state().connected);
    let sent = 0;
    const timer = setInterval(() => {
      for (let count = 0; count < 20; count += 1) {
        sent += 1;
        say('all', sent);
      }
    }, 2);
    await until('some', () => (outbox.status.readers.engine?.delivered ?? 0) > 500);
    first.child.kill('SIGKILL');
    await until('loss', () => !link.state().connected);
    clearInterval(timer);
    const delivered = outbox.status.readers.engine?.delivered ?? 0;
    await mosquitto();
    const after = listen();
    await until('the last one', () => values(after.lines, 'all').at(-1) === String(sent));
    const got = values(after.lines, 'all').map(Number);
    expect(got[0]).toBeLessThanOrEqual(delivered + 1);
    expect(got).toEqual(Array.from({ length: sent - (got[0] ?? 0) + 1 }, (_, index) => index + (got[0] ?? 0)));
    expect(got.length).toBeGreaterThan(0);
  });

  it('that speaks 3.1.1 gets old readings on $v, with their time', async () => {
    const { begin, say, link, outbox } = await node();
    say('all', 1);
    say('all', 2);
    const { log } = makeFakeLog();
    const { openBroker } = await import('../../src/broker/broker.ts');
    const { createServer } = await import('node:net');
    const bus = new Bus(() => undefined);
    const heard: string[] = [];
    bus.subscribe(
      'hanbus/kitchen/#',
      ({ topic, payload }) => heard.push(`${topic} ${Buffer.from(payload as Uint8Array).toString()}`),
      { origin: 'test' },
    );
    const broker = openBroker({ bus, clock: makeSystemClock(), log });
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
    await until('the link is up', () => link.state().connected);
    await until('all acknowledged', () => outbox.status.readers.engine?.queued === 0);
    await until('the last value', () => heard.includes('hanbus/kitchen/air/all 2'));
    const envelopes = heard.filter((line) => line.startsWith('hanbus/kitchen/air/all/$v'));
    expect(envelopes.map((line) => JSON.parse(line.split(' ')[1] ?? '{}'))).toMatchObject([
      { v: 1, t: begin + 1, e: 1, s: 1 },
      { v: 2, t: begin + 2, e: 1, s: 2 },
    ]);
  });
});
