import { isIPv6, type Server, type Socket } from 'node:net';
import { HanbusError } from '../../kit/errors.ts';
import { bindPort } from './bind.ts';
import { bindFile } from './bind-file.ts';
import { isLoopback } from './caller-address.ts';
import { makeTlsStage, type TlsOptions } from './tls-stage.ts';
import { type ListenWorld, type Stage, Visitor } from './visitor.ts';
import type { WsRules } from './ws-request.ts';
import { makeWsStage } from './ws-stage.ts';

interface AtPort {
  /** Default, as for `localhost`: 127.0.0.1, and ::1 where the machine has it. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
}

interface Plain extends AtPort {
  /** Plain MQTT for the network is meant: some user may come without TLS. */
  readonly isForNetwork?: boolean;
}

export interface TcpOptions extends Plain {
  readonly transport: 'tcp';
}

interface WsOptions extends Plain {
  readonly transport: 'ws';
  readonly rules: WsRules;
}

interface TlsTcpOptions extends AtPort {
  readonly transport: 'tls';
  readonly tls: TlsOptions;
}

interface TlsWsOptions extends AtPort {
  readonly transport: 'wss';
  readonly tls: TlsOptions;
  readonly rules: WsRules;
}

interface UnixOptions {
  readonly transport: 'unix';
  readonly path: string;
}

/** One door of the broker. */
export type ListenOptions = TcpOptions | TlsTcpOptions | WsOptions | TlsWsOptions | UnixOptions;

export interface Listener {
  /** `mqtt://127.0.0.1:1883`, `mqtts://0.0.0.0:8883`, `ws://...`, `wss://...`, `unix:/run/hanbus/mqtt.sock` */
  readonly url: string;
  /** 0 for a Unix socket. */
  readonly port: number;
  /** Those that came in stay. Idempotent. */
  close(): Promise<void>;
}

const SCHEMES = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' } as const;

/**
 * Opens a door. Throws HanbusError HB120 (taken), HB121 (the system refuses) or HB183 (plain MQTT for the network that
 * nobody asked for).
 */
export async function openListener(options: ListenOptions, world: ListenWorld): Promise<Listener> {
  refuseOpenPlain(options);
  const wayIn = await makeWayIn(options, world);
  const onTheirWay = new Set<Visitor>();
  const { url, port, servers } = await bind(options, (socket) => {
    const visitor = Visitor.enter(world, socket, options.transport);
    if (visitor === undefined) return;
    onTheirWay.add(visitor);
    visitor.onLeave = () => onTheirWay.delete(visitor);
    wayIn.receive(socket, visitor);
  });
  for (const server of servers) {
    server.on('error', (error) => world.gate.refuse('full', url, error.message)); // too many open files
  }
  return {
    url,
    port,
    async close() {
      for (const server of servers) server.close();
      wayIn.close();
      for (const visitor of onTheirWay) visitor.drop();
    },
  };
}

interface WayIn {
  receive(socket: Socket, visitor: Visitor): void;
  close(): void;
}

/** What happens to a socket before it speaks MQTT. */
async function makeWayIn(options: ListenOptions, world: ListenWorld): Promise<WayIn> {
  const arrive: Stage = (stream, visitor) => visitor.arrive(stream);
  const isWeb = options.transport === 'ws' || options.transport === 'wss';
  const next = isWeb ? await makeWsStage(options.rules, world, arrive) : arrive;
  const isTls = options.transport === 'tls' || options.transport === 'wss';
  return isTls ? makeTlsStage(options.tls, next) : { receive: next, close: () => undefined };
}

interface Opened {
  readonly url: string;
  readonly port: number;
  readonly servers: readonly Server[];
}

async function bind(options: ListenOptions, accept: (socket: Socket) => void): Promise<Opened> {
  if (options.transport === 'unix') {
    return { url: `unix:${options.path}`, port: 0, servers: [await bindFile(options.path, accept)] };
  }
  const { host = 'localhost', transport } = options;
  const { port, servers } = await bindPort(host, options.port, accept);
  const shown = host === 'localhost' ? '127.0.0.1' : host;
  return { url: `${SCHEMES[transport]}://${isIPv6(shown) ? `[${shown}]` : shown}:${port}`, port, servers };
}

function refuseOpenPlain(options: ListenOptions): void {
  if (options.transport !== 'tcp' && options.transport !== 'ws') return;
  const { host = 'localhost', isForNetwork = false } = options;
  if (isForNetwork || host === 'localhost' || isLoopback(host)) return;
  throw new HanbusError('HB183', `plain MQTT is open to this machine only, not on ${host}`, {
    fix: 'mqtts://0.0.0.0:8883, or hanbus credentials add <name> --prefix <name> --plain',
  });
}
