import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IClientOptions, MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/broker/listen/fingerprint.ts';
import type { Listener } from '../../../src/broker/listen/listener.ts';
import { selfSigned } from '../../../src/broker/listen/self-signed.ts';
import { openTlsKeys, type TlsKeys } from '../../../src/broker/listen/tls-keys.ts';
import { makeSystemClock } from '../../../src/kit/clock.ts';
import { type DoorsWorld, dial, next, openWorld, optionsOf } from './doors.ts';

interface Identity {
  readonly cert: string;
  readonly key: string;
}

function identity(name: string, until = Date.now() + 1e9): Identity {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = selfSigned({ privateKey, name, hosts: [name], from: Date.now() - 2e9, until });
  return { cert, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

const friend = identity('plug7');
const ended = identity('plug8', Date.now() - 1e9);
const stranger = identity('plug7');

describe.each(['tls', 'wss'] as const)('%s', (transport) => {
  let world: DoorsWorld;
  let keys: TlsKeys;
  const doors: Partial<Record<'ask' | 'off' | 'require', Listener>> = {};

  beforeAll(async () => {
    world = await openWorld();
    const ca = join(world.folder, 'ca.pem');
    await writeFile(ca, friend.cert + ended.cert);
    keys = await openTlsKeys({ paths: { ...world.paths, ca }, clock: makeSystemClock(), log: world.log });
    for (const clients of ['ask', 'off', 'require'] as const) {
      doors[clients] = await world.broker.listen(optionsOf(transport, { ...world, keys }, clients));
    }
  });

  afterAll(async () => {
    keys.close();
    await world.close();
  });

  /** The certificate that the broker saw, or `refused`. */
  async function seen(clients: 'ask' | 'off' | 'require', own: Partial<Identity>, version?: 'TLSv1.2') {
    const listener = doors[clients];
    if (listener === undefined) throw new Error('no door');
    const options: IClientOptions = {
      ...{ ca: world.keys.current.cert, clientId: clients, ...own },
      ...(version === undefined ? {} : { maxVersion: version }),
    };
    const client: MqttClient = dial(listener, transport, options);
    client.on('error', () => undefined);
    const outcome = await Promise.race([
      next(client, 'connect').then(() => 'in' as const),
      next(client, 'close').then(() => 'refused' as const),
    ]);
    client.end(true);
    return outcome === 'in' ? world.logins.at(-1)?.peer.certificate : outcome;
  }

  const known = { name: 'plug7', fingerprint: fingerprintOf(new X509Certificate(friend.cert)) };

  it.each([
    ['off', 'a known', friend, undefined],
    ['off', 'no', {}, undefined],
    ['ask', 'a known', friend, known],
    ['ask', 'no', {}, undefined],
    ['ask', 'a foreign', stranger, undefined],
    ['ask', 'an ended', ended, undefined],
    ['require', 'a known', friend, known],
    ['require', 'no', {}, 'refused'],
    ['require', 'a foreign', stranger, 'refused'],
    ['require', 'an ended', ended, 'refused'],
  ] as const)('%s: a client with %s certificate', async (clients, _which, own, expected) => {
    expect(await seen(clients, own)).toEqual(expected);
    expect(await seen(clients, own, 'TLSv1.2')).toEqual(expected);
  });
});
