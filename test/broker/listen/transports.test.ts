import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Listener } from '../../../src/broker/listen/listener.ts';
import { type DoorsWorld, dial, next, openWorld, optionsOf, TRANSPORTS } from './doors.ts';

describe.each(TRANSPORTS)('%s', (transport) => {
  let world: DoorsWorld;
  let listener: Listener;

  beforeAll(async () => {
    world = await openWorld();
    listener = await world.broker.listen(optionsOf(transport, world));
  });

  afterAll(() => world.close());

  const client = (options = {}) => dial(listener, transport, { ca: world.keys.current.cert, ...options });

  it.each([4, 5] as const)('carries messages of version %i both ways, small and large', async (protocolVersion) => {
    const one = client({ protocolVersion, clientId: `${transport}${protocolVersion}` });
    await next(one, 'connect');
    await one.subscribeAsync('big/#', { qos: 1 });
    const sizes: number[] = [];
    const all = new Promise<void>((resolve) => {
      one.on('message', (_topic, payload) => {
        expect(payload.every((byte) => byte === 7)).toBe(true);
        if (sizes.push(payload.length) === 4) resolve();
      });
    });
    for (const size of [1, 100, 200_000, 3_000_000]) await one.publishAsync('big/x', Buffer.alloc(size, 7), { qos: 1 });
    await all;
    expect(sizes).toEqual([1, 100, 200_000, 3_000_000]);
    await one.endAsync();
  });

  it('says who the client is', async () => {
    const one = client({ clientId: 'who' });
    await next(one, 'connect');
    const peer = world.logins.at(-1)?.peer;
    expect(peer).toMatchObject({
      transport,
      address: transport === 'unix' ? 'local' : expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    });
    expect(peer?.certificate).toBeUndefined();
    await one.endAsync();
  });

  it('counts it as known from its login to its end', async () => {
    const nobody = { known: 0, unknown: 0 };
    await expect.poll(() => world.broker.gate.sockets).toEqual(nobody);
    const one = client();
    await next(one, 'connect');
    expect(world.broker.gate.sockets).toEqual({ known: 1, unknown: 0 });
    one.end(true);
    await expect.poll(() => world.broker.gate.sockets).toEqual(nobody);
  });

  it('delivers thousands of messages in order to a client that reads', async () => {
    const reader = client();
    const writer = client();
    await Promise.all([next(reader, 'connect'), next(writer, 'connect')]);
    await reader.subscribeAsync('row');
    const seen: number[] = [];
    const done = new Promise<void>((resolve) => {
      reader.on('message', (_topic, payload) => {
        if (seen.push(Number(payload.toString().trim())) === 3_000) resolve();
      });
    });
    for (let count = 0; count < 3_000; count += 1) writer.publish('row', String(count).padEnd(200));
    await done;
    expect(seen).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
    await Promise.all([reader.endAsync(), writer.endAsync()]);
  });

  it('keeps its clients when the door closes, and says goodbye when the broker stops', async () => {
    const other = await openWorld();
    const door = await other.broker.listen(optionsOf(transport, other));
    const one = dial(door, transport, { ca: other.keys.current.cert });
    await next(one, 'connect');
    await door.close();
    await door.close();
    await one.publishAsync('still', 'here', { qos: 1 });
    const late = dial(door, transport, { ca: other.keys.current.cert });
    await next(late, 'error');
    late.end(true);
    const goodbye = new Promise((resolve) => one.on('disconnect', ({ reasonCode }) => resolve(reasonCode)));
    const closed = next(one, 'close');
    await other.close();
    expect(await goodbye).toBe(0x8b);
    await closed;
    one.end(true);
    if (transport === 'unix') await expect(stat(door.url.slice(5))).rejects.toThrow('ENOENT');
  });
});

it('shows IPv4 as IPv4 at a door for both', async () => {
  const world = await openWorld();
  const listener = await world.broker.listen({
    transport: 'tls',
    host: '::',
    port: 0,
    tls: { keys: world.keys, clients: 'off' },
  });
  const one = dial(listener, 'tls', { host: '127.0.0.1', ca: world.keys.current.cert });
  await next(one, 'connect');
  expect(world.logins.at(-1)?.peer.address).toBe('127.0.0.1');
  one.end(true);
  await world.close();
});

it('opens plain MQTT for the network only when that is meant', async () => {
  const world = await openWorld();
  for (const transport of ['tcp', 'ws'] as const) {
    const door = { host: '0.0.0.0', port: 0, rules: { origins: [], hosts: [] } };
    await expect(world.broker.listen({ transport, ...door })).rejects.toMatchObject({ code: 'HB183' });
    expect((await world.broker.listen({ transport, ...door, isForNetwork: true })).url).toContain('://0.0.0.0:');
  }
  await world.close();
});
