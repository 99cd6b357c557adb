import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { HanbusError, reasonOf, systemCode } from '../../kit/errors.ts';
import { findPortHolder } from './port-holder.ts';

/** Sockets that wait to be accepted: clients come in hundreds after a restart. The kernel may allow fewer. */
const BACKLOG = 2_048;
/** A peer that has vanished is found out by the kernel, too. */
const KEEP_ALIVE_MS = 60_000;

export type Accept = (socket: Socket) => void;

/** A port that is open. */
export interface Bound {
  readonly port: number;
  readonly servers: readonly Server[];
}

/**
 * Opens a port at an address; for `localhost` at 127.0.0.1 and, where the machine has it, at ::1. Throws HanbusError
 * HB120 when the port is taken, HB121 when the system refuses.
 */
export async function bindPort(host: string, port: number, accept: Accept): Promise<Bound> {
  if (host !== 'localhost') {
    const server = await bind(host, port, accept);
    return { port: portOf(server), servers: [server] };
  }
  const first = await bind('127.0.0.1', port, accept);
  const bound = portOf(first);
  const second = await bindSix(bound, accept);
  return { port: bound, servers: second === undefined ? [first] : [first, second] };
}

export function makeServer(accept: Accept): Server {
  const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  return createServer(options, accept);
}

function bind(host: string, port: number, accept: Accept): Promise<Server> {
  const server = makeServer(accept);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => void explain(error, host, port).then(reject, reject);
    server.once('error', fail);
    server.listen({ host, port, exclusive: true, backlog: BACKLOG }, () => {
      server.off('error', fail);
      resolve(server);
    });
  });
}

/** The same port on ::1; a machine without IPv6, or with another program there, is served by IPv4 alone. */
async function bindSix(port: number, accept: Accept): Promise<Server | undefined> {
  try {
    return await bind('::1', port, accept);
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
