import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { Bus } from '../bus/bus.ts';
import { request } from '../bus/request.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { makeApp } from './app.ts';
import { listenOnFile } from './socket-file.ts';
import { makeStreams } from './streams.ts';

export interface ApiWorld {
  readonly bus: Bus;
  /** The name of this node. */
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
  /** `<runtime folder>/api.sock`; the folder is made (mode 0700) when it is not there. */
  readonly socketPath: string;
}

/** Connections at one time. */
const MOST_CONNECTIONS = 64;

/**
 * Serves the node over HTTP on a Unix socket; whoever may open the file may ask. Throws HB125 when a living node has
 * the socket, HB124 when it cannot be made.
 */
export async function startApi({ bus, node, clock, log, socketPath }: ApiWorld): Promise<{ stop(): Promise<void> }> {
  const streams = makeStreams(bus, clock);
  const ask = (verb: string, args: Readonly<Record<string, unknown>>, timeoutMs: number) =>
    request(bus, { node, verb, args }, { clock, origin: 'api', timeoutMs });
  const app = makeApp({ ask, streams, log });
  // An import statement would also make every lazy name of node:http, WebSocket among them: 14 MB.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer(
    {
      ...{ requestTimeout: 30_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
      // Default 30 s: for so long, half a request would keep its place among the few connections.
      connectionsCheckingInterval: 5_000,
    },
    (incoming, outgoing) => void app(incoming, outgoing),
  );
  server.maxConnections = MOST_CONNECTIONS;
  await listenOnFile(server, socketPath);
  server.on('error', (error) => log.error('api server failed', { reason: reasonOf(error) }));
  log.debug('api is open', { socket: socketPath });
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await rm(socketPath, { force: true });
    streams.closeAll();
    await closed(server);
  };
  return {
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Lets answers on their way go out, for a moment. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    const force = setTimeout(() => server.closeAllConnections(), 500);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(force);
      resolve();
    });
  });
}
