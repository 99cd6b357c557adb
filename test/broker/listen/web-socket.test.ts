import { generate, type Packet, parser } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Listener } from '../../../src/broker/listen/listener.ts';
import { type DoorsWorld, openWorld, optionsOf } from './doors.ts';

describe.each(['ws', 'wss'] as const)('%s', (transport) => {
  let world: DoorsWorld;
  let listener: Listener;

  beforeAll(async () => {
    world = await openWorld();
    listener = await world.broker.listen(optionsOf(transport, world));
  });

  afterAll(() => world.close());

  const base = () => listener.url.replace('127.0.0.1', 'localhost');

  function open(path = '/mqtt', protocols: string | string[] = 'mqtt', headers: Record<string, string> = {}) {
    return new WebSocket(`${base()}${path}`, protocols, {
      headers,
      ca: world.keys.current.cert,
      perMessageDeflate: true,
    });
  }

  /** 101, or the status that refused it. */
  function outcome(ws: WebSocket): Promise<number> {
    return new Promise((resolve, reject) => {
      ws.once('open', () => {
        ws.terminate();
        resolve(101);
      });
      ws.once('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      ws.once('error', reject);
    });
  }

  it.each(['/mqtt', '/', '/mqtt?token=1'])('serves the path %s', async (path) => {
    expect(await outcome(open(path))).toBe(101);
  });

  it('has no other path', async () => expect(await outcome(open('/other'))).toBe(404));

  it.each([
    [['mqtt'], 'mqtt'],
    [['mqttv3.1'], 'mqttv3.1'],
    [['mqttv3.1', 'mqtt'], 'mqtt'],
    [['chat', 'mqtt'], 'mqtt'],
  ])('of the sub-protocols %j it speaks %s', async (offered, spoken) => {
    const ws = open('/mqtt', offered);
    await new Promise((resolve) => ws.once('open', resolve));
    expect(ws.protocol).toBe(spoken);
    expect(ws.extensions).toBe('');
    ws.terminate();
  });

  it.each([[[]], [['chat']], [['MQTT']]])('refuses the sub-protocols %j', async (offered) => {
    expect(await outcome(open('/mqtt', offered))).toBe(400);
  });

  it.each([
    ['no Origin: a program', {}, 101],
    ['a page of this host', { Origin: 'http://localhost:4287' }, 101],
    ['a page that the scheme lists', { Origin: 'https://panel.example.org' }, 101],
    ['a page of a stranger', { Origin: 'https://evil.example' }, 403],
    ['a page without an origin', { Origin: 'null' }, 403],
    ['a name of a stranger that leads here', { Origin: 'http://evil.example:1', Host: 'evil.example:1' }, 403],
    ['a page of a home name', { Origin: 'http://kitchen.lan', Host: 'kitchen.lan:9001' }, 101],
    ['a page of an address', { Origin: 'http://192.0.2.7', Host: '192.0.2.7:9001' }, 101],
    ['a page of an IPv6 address', { Origin: 'http://[2001:db8::1]:80', Host: '[2001:db8::1]:9001' }, 101],
    ['a program that uses a public name', { Host: 'mqtt.example.org' }, 101],
  ])('%s', async (_what, headers: Record<string, string>, status) => {
    expect(await outcome(open('/mqtt', 'mqtt', headers))).toBe(status);
  });

  it('answers a plain request with 426 and how to go on', async () => {
    const { get } = await import(transport === 'ws' ? 'node:http' : 'node:https');
    const url = `${base().replace('ws', 'http')}/mqtt`;
    const response = await new Promise<{ status: number; upgrade: unknown }>((resolve, reject) => {
      const request = get(
        url,
        { ca: world.keys.current.cert, agent: false },
        (answer: import('node:http').IncomingMessage) => {
          answer.resume();
          resolve({ status: answer.statusCode ?? 0, upgrade: answer.headers.upgrade });
        },
      );
      request.on('error', reject);
    });
    expect(response).toEqual({ status: 426, upgrade: 'websocket' });
    expect(world.broker.gate.refused.upgrade).toBeGreaterThan(0);
  });

  const CONNECT: Packet = { cmd: 'connect', clientId: 'frames', protocolId: 'MQTT', protocolVersion: 5, clean: true };
  const v5 = { protocolVersion: 5 };

  async function opened(): Promise<WebSocket> {
    const ws = open();
    await new Promise((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('error', reject);
    });
    return ws;
  }

  function packets(ws: WebSocket, count: number): Promise<Packet[]> {
    return new Promise((resolve) => {
      const got: Packet[] = [];
      const codec = parser(v5);
      codec.on('packet', (packet) => {
        if (got.push(packet) === count) resolve(got);
      });
      ws.on('message', (bytes, isBinary) => {
        expect(isBinary).toBe(true);
        if (Buffer.isBuffer(bytes)) codec.parse(bytes);
      });
    });
  }

  it('reads packets however they lie in frames [MQTT-6.0.0-2]', async () => {
    const ws = await opened();
    const answers = packets(ws, 3);
    const bytes = Buffer.concat([
      generate(CONNECT, v5),
      generate({ cmd: 'pingreq' }, v5),
      generate({ cmd: 'pingreq' }, v5),
    ]);
    for (const byte of bytes.subarray(0, 9)) ws.send(Buffer.of(byte));
    ws.send(Buffer.alloc(0));
    ws.send(bytes.subarray(9, 12), { fin: false });
    ws.send(bytes.subarray(12));
    expect((await answers).map(({ cmd }) => cmd)).toEqual(['connack', 'pingresp', 'pingresp']);
    ws.terminate();
  });

  it('answers a ping of the WebSocket', async () => {
    const ws = await opened();
    const pong = new Promise((resolve) => ws.once('pong', (bytes) => resolve(bytes.toString())));
    ws.ping('are you there?');
    expect(await pong).toBe('are you there?');
    ws.terminate();
  });

  it.each([
    ['before the login', false],
    ['after the login', true],
  ])('closes at a text frame %s [MQTT-6.0.0-1]', async (_when, isAfter) => {
    const ws = await opened();
    if (isAfter) {
      const connack = packets(ws, 1);
      ws.send(generate(CONNECT, v5));
      await connack;
    }
    const closed = new Promise((resolve) => ws.once('close', resolve));
    const logins = world.logins.length;
    ws.send(generate({ ...CONNECT, clientId: 'text' }, v5).toString('latin1'));
    expect([1003, 1006]).toContain(await closed);
    expect(world.logins.length).toBe(logins);
  });

  it('closes at a frame that is larger than any packet', async () => {
    const ws = await opened();
    const connack = packets(ws, 1);
    ws.send(generate(CONNECT, v5));
    await connack;
    const closed = new Promise((resolve) => ws.once('close', resolve));
    ws.on('error', () => undefined);
    ws.send(Buffer.alloc(5_000_000));
    expect([1009, 1006]).toContain(await closed);
  });
});
