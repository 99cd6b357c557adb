import { connect, createServer, type Socket } from 'node:net';

/** Trips there and back until everything sent before on this machine has surely been read, and the answers too. */
const TRIPS = 4;

export interface Echo {
  readonly roundTrips: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * A socket of its own on loopback that answers every byte. What was written to other loopback sockets before a round trip
 * is read before it ends, because one event loop serves both ends of all of them: a wait for nothing, without sleeping.
 */
export async function openEcho(): Promise<Echo> {
  const server = createServer((socket) => socket.setNoDelay(true).pipe(socket));
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the echo has no port');
  const socket = await new Promise<Socket>((resolve) => {
    const near = connect(address.port, '127.0.0.1', () => resolve(near));
  });
  socket.setNoDelay(true);
  const waiting: (() => void)[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (const resolve of waiting.splice(0, chunk.length)) resolve();
  });
  const trip = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      socket.write('.');
    });

  return {
    async roundTrips() {
      for (let count = 0; count < TRIPS; count += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        await trip();
      }
    },
    async close() {
      socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
