import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Refusal } from '../../../src/broker/listen/refusals.ts';
import { type FakeClock, makeFakeClock } from '../../fakes/clock.ts';
import { type DoorsWorld, type Outside, openWorld, optionsOf, TRANSPORTS } from './doors.ts';

let clock: FakeClock;
let world: DoorsWorld;
const sockets: Socket[] = [];

beforeEach(async () => {
  clock = makeFakeClock(Date.now());
  world = await openWorld(clock);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await world.close();
});

/** A raw connection to a door, and all that it says until it closes. */
async function call(transport: Outside) {
  const listener = await world.broker.listen(optionsOf(transport, world));
  const isTls = transport === 'wss' || transport === 'tls';
  const at = transport === 'unix' ? { path: listener.url.slice(5) } : { host: '127.0.0.1', port: listener.port };
  const raw = connect(at);
  sockets.push(raw);
  raw.on('error', () => undefined);
  await new Promise((resolve) => raw.once('connect', resolve));
  return { raw, listener, isTls };
}

function said(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

const onlyRefused = (refusal: Refusal) => () => expect.soft(world.broker.gate.refused[refusal]).toBe(1);

describe('TLS', () => {
  it.each(['tls', 'wss'] as const)('%s: plain bytes are turned away', async (transport) => {
    const { raw } = await call(transport);
    const words = said(raw);
    raw.write('CONNECT me\r\n\r\n');
    await words;
    onlyRefused('handshake')();
    expect(world.lines.find(({ fields }) => fields.code === 'HB190')?.fields.reason).toContain('ERR_SSL_');
  });

  it('TLS 1.1 and ciphers without forward secrecy are turned away', async () => {
    const { raw, listener } = await call('tls');
    raw.destroy();
    for (const options of [
      { minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const, ciphers: 'ALL@SECLEVEL=0' },
      { maxVersion: 'TLSv1.2' as const, ciphers: 'AES128-SHA:AES256-GCM-SHA384' },
      { maxVersion: 'TLSv1.2' as const, ciphers: 'ECDHE-ECDSA-AES128-SHA256' },
    ]) {
      const failure = await new Promise((resolve) => {
        const socket = connectTls({ host: 'localhost', port: listener.port, rejectUnauthorized: false, ...options });
        sockets.push(socket);
        socket.once('error', resolve);
        socket.once('secureConnect', () => resolve(undefined));
      });
      expect(failure).toBeInstanceOf(Error);
    }
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is welcome', async (version) => {
    const { listener } = await call('tls');
    const socket = connectTls({
      ...{ host: 'localhost', port: listener.port, ca: world.keys.current.cert },
      ...{ minVersion: version, maxVersion: version },
    });
    sockets.push(socket);
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    expect(socket.getProtocol()).toBe(version);
  });

  it('one that goes away before it is ready is counted', async () => {
    const { raw } = await call('tls');
    await expect.poll(() => world.broker.gate.sockets.unknown).toBe(1);
    raw.destroy();
    await expect.poll(() => world.broker.gate.refused.gone).toBe(1);
    await expect.poll(() => world.broker.gate.sockets).toEqual({ known: 0, unknown: 0 });
  });
});

describe('whoever is not ready in time', () => {
  it.each(['tls', 'ws', 'wss'] as const)('%s: is turned away after 10 s', async (transport) => {
    const { raw } = await call(transport);
    const words = said(raw);
    if (transport === 'ws') raw.write('GET /mqtt HTTP/1.1\r\nHost: kit');
    await expect.poll(() => world.broker.gate.sockets.unknown).toBe(1);
    await clock.advance(9_999);
    expect(world.broker.gate.sockets.unknown).toBe(1);
    await clock.advance(1);
    expect(await words).toBe('');
    onlyRefused('late')();
  });

  it.each(['tcp', 'unix'] as const)('%s: is turned away after 5 s of silence', async (transport) => {
    const { raw } = await call(transport);
    const words = said(raw);
    await expect.poll(() => world.broker.gate.sockets.unknown).toBe(1);
    await clock.advance(4_999);
    expect(world.broker.gate.sockets.unknown).toBe(1);
    await clock.advance(1);
    expect(await words).toBe('');
    onlyRefused('late')();
  });

  it.each(['tcp', 'unix'] as const)('%s: is turned away after 5 s without a CONNECT', async (transport) => {
    const { raw } = await call(transport);
    const words = said(raw);
    raw.write(Buffer.of(0x10));
    await expect.poll(() => world.broker.counts.bytesIn).toBe(1);
    await clock.advance(5_000);
    expect(await words).toBe('');
    await expect.poll(() => world.broker.gate.sockets).toEqual({ known: 0, unknown: 0 });
  });
});

describe.each(TRANSPORTS)('%s', (transport) => {
  it('leaves nothing open when the broker stops', async () => {
    const { raw } = await call(transport);
    const words = said(raw);
    await expect.poll(() => world.broker.gate.sockets.unknown).toBe(1);
    await world.broker.stop();
    await words;
    await expect.poll(() => world.broker.gate.sockets).toEqual({ known: 0, unknown: 0 });
  });

  it('closes what is half closed by the other side', async () => {
    const { raw } = await call(transport);
    const words = said(raw);
    await expect.poll(() => world.broker.gate.sockets.unknown).toBe(1);
    raw.end();
    await words;
    await expect.poll(() => world.broker.gate.sockets).toEqual({ known: 0, unknown: 0 });
  });

  it('closes what is no MQTT', async () => {
    const { raw } = await call(transport);
    const words = said(raw);
    raw.write('\x00\x01\x02 nonsense\r\n\r\n');
    await words;
    await expect.poll(() => world.broker.gate.sockets).toEqual({ known: 0, unknown: 0 });
  });
});
