import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Access, Login } from '../../../src/broker/access.ts';
import { openBroker } from '../../../src/broker/broker.ts';
import type { Listener, ListenOptions } from '../../../src/broker/listen/listener.ts';
import { ownCertificate } from '../../../src/broker/listen/own-certificate.ts';
import { openTlsKeys, type TlsKeys } from '../../../src/broker/listen/tls-keys.ts';
import type { ClientCertificates } from '../../../src/broker/listen/tls-stage.ts';
import { makeOpenAccess } from '../../../src/broker/open-access.ts';
import type { Transport } from '../../../src/broker/peer.ts';
import { Bus } from '../../../src/bus/bus.ts';
import { type Clock, makeSystemClock } from '../../../src/kit/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

export const TRANSPORTS = ['tcp', 'tls', 'ws', 'wss', 'unix'] as const;

export type Outside = (typeof TRANSPORTS)[number];

/** A broker that keeps the logins it saw, with a certificate of its own. */
export async function openWorld(clock: Clock = makeSystemClock()) {
  const folder = await mkdtemp(join(tmpdir(), 'hanbus-doors-'));
  const { log, lines } = makeFakeLog();
  const logins: Login[] = [];
  const open = makeOpenAccess(undefined);
  const access: Access = {
    admit(login) {
      logins.push(login);
      return open.admit(login);
    },
  };
  const bus = new Bus((error) => {
    throw error;
  });
  const broker = openBroker({ bus, clock, log, access });
  const paths = await ownCertificate({ folder, host: 'kitchen', addresses: [], now: Date.now() });
  const keys = await openTlsKeys({ paths, clock, log });
  const close = async () => {
    keys.close();
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, broker, log, lines, logins, keys, paths, close };
}

export type DoorsWorld = Awaited<ReturnType<typeof openWorld>>;

export const RULES = { origins: ['https://panel.example.org'], hosts: ['kitchen'] };

export function optionsOf(
  transport: Outside,
  { folder, keys }: { readonly folder: string; readonly keys: TlsKeys },
  clients: ClientCertificates = 'off',
): ListenOptions {
  const tls = { keys, clients };
  const options: Record<Outside, ListenOptions> = {
    tcp: { transport: 'tcp', port: 0 },
    tls: { transport: 'tls', port: 0, tls },
    ws: { transport: 'ws', port: 0, rules: RULES },
    wss: { transport: 'wss', port: 0, tls, rules: RULES },
    unix: { transport: 'unix', path: join(folder, 'mqtt.sock') },
  };
  return options[transport];
}

/** A real MQTT.js at a door. */
export function dial(listener: Listener, transport: Transport, options: IClientOptions = {}): MqttClient {
  const common: IClientOptions = { reconnectPeriod: 0, connectTimeout: 20_000, protocolVersion: 5, ...options };
  if (transport === 'unix') {
    return new mqtt.MqttClient(() => connectTcp(listener.url.slice('unix:'.length)), common);
  }
  const protocols = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss', memory: 'mqtt' } as const;
  return mqtt.connect({
    host: 'localhost',
    port: listener.port,
    protocol: protocols[transport],
    path: '/mqtt',
    ...common,
  });
}

/** Something that MQTT.js says, next time. */
export function next(client: MqttClient, event: 'close' | 'connect' | 'error'): Promise<void> {
  return new Promise((resolve) => client.once(event, () => resolve()));
}
