import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestBroker } from '../broker/packet-client.ts';
import type { Dial } from './arena.ts';

const ports = new WeakMap<TestBroker, Promise<number>>();

/** A real socket to a port of the broker, which it opens when it is first asked. */
export const dialTcp: Dial = async (world) => {
  const port = ports.get(world) ?? openPort(world);
  ports.set(world, port);
  const socket = connect({ host: '127.0.0.1', port: await port });
  await once(socket, 'connect');
  return socket;
};

async function openPort({ broker }: TestBroker): Promise<number> {
  const { port } = await broker.listenTcp({ host: '127.0.0.1', port: 0 });
  return port;
}
