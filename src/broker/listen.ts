import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from 'node:net';
import { HanbusError, reasonOf, systemCode } from '../kit/errors.ts';
import { findPortHolder } from './listen/port-holder.ts';
import type { Peer } from './peer.ts';

export interface ListenOptions {
  /** A loopback address. Default, as for `localhost`: 127.0.0.1, and ::1 where the machine has it. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface TcpListener {
  /** `mqtt://127.0.0.1:1883` */
  readonly url: string;
  readonly port: number;
  /** Idempotent. */
  close(): Promise<void>;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Opens plain MQTT for programs on this machine. Anything else would be an open door: encrypted and authenticated
 * listeners come with the access rules. Throws HanbusError HB120, HB121 or HB183.
 */
export async function openListener(
  { host, port }: ListenOptions,
  attach: (socket: Socket, peer: Peer) => void,
): Promise<TcpListener> {
  const isBoth = host === undefined || host === 'localhost';
  if (!isBoth && !LOOPBACK.test(host)) {
    throw new HanbusError('HB183', `plain MQTT is open to this machine only, not on ${host}`, {
      fix: 'Leave the host out, or use 127.0.0.1.',
    });
  }
  const accept = (socket: Socket) => {
    socket.setNoDelay(true);
    attach(socket, { address: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 });
  };
  const shown = isBoth ? '127.0.0.1' : host;
  const first = await listen(shown, port, accept);
  const bound = portOf(first);
  const second = isBoth ? await listenSix(bound, accept) : undefined;
  return {
    url: `mqtt://${isIPv6(shown) ? `[${shown}]` : shown}:${bound}`,
    port: bound,
    async close() {
      close(first);
      if (second !== undefined) close(second);
    },
  };
}

function listen(host: string, port: number, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer(accept);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => void explain(error, host, port).then(reject, reject);
    server.once('error', fail);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', fail);
      resolve(server);
    });
  });
}

/** The same port on ::1; a machine without IPv6, or with another program there, is served by IPv4 alone. */
async function listenSix(port: number, accept: (socket: Socket) => void): Promise<Server | undefined> {
  try {
    return await listen('::1', port, accept);
  } catch (error) {
    if (error instanceof HanbusError) return undefined;
    throw error;
  }
}

async function explain(error: unknown, host: string, port: number): Promise<HanbusError> {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    const holder = await findPortHolder(port);
    const by = holder === undefined ? 'another program' : `${holder.name} (pid ${holder.pid})`;
    return new HanbusError('HB120', `port ${port} is used by ${by}`, {
      cause: error,
      fix: `stop it, or write in the scheme:  broker: {listen: ${port + 1}}`,
    });
  }
  if (code === 'EACCES') {
    return new HanbusError('HB121', `this user may not open port ${port}`, {
      cause: error,
      fix: 'broker: {listen: 1883}',
    });
  }
  return new HanbusError('HB121', `cannot listen on ${host} port ${port}: ${reasonOf(error)}`, {
    cause: error,
    fix: 'Check the address and the port under `broker:`.',
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Stops listening at once; the sockets that came in belong to the broker. */
function close(server: Server): void {
  server.close();
}
