import { chmod, lstat, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { HanbusError, reasonOf, systemCode } from '../../kit/errors.ts';
import { type Accept, makeServer } from './bind.ts';

/** Linux: `sun_path` holds 107 bytes and a zero. */
const LONGEST_PATH = 107;
/** For the user of the node and its group. */
const MODE = 0o660;
const ANSWER_MS = 1_000;

/**
 * Opens a Unix socket for programs of this machine. The file of a dead node is replaced, that of a living program is an
 * HB120, anything else under that name an HB121.
 */
export async function bindFile(path: string, accept: Accept): Promise<Server> {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    const shorter = 'Choose a shorter path under `broker: {listen}`.';
    throw new HanbusError('HB121', `the path ${path} is longer than ${LONGEST_PATH} bytes`, { fix: shorter });
  }
  try {
    await removeStale(path);
    const server = await listenOn(path, accept);
    await chmod(path, MODE);
    return server;
  } catch (error) {
    if (error instanceof HanbusError) throw error;
    throw new HanbusError('HB121', `cannot listen at ${path}: ${reasonOf(error)}`, {
      cause: error,
      fix: 'Choose a path in a directory that this user may write.',
    });
  }
}

async function removeStale(path: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind === 'nothing') return;
  if (kind === 'other') {
    throw new HanbusError('HB121', `${path} is a file, no socket`, {
      fix: 'Choose another path under `broker: {listen}`.',
    });
  }
  if (await answers(path)) {
    throw new HanbusError('HB120', `another program listens at ${path}`, {
      fix: 'Stop it, or choose another path under `broker: {listen}`.',
    });
  }
  await rm(path, { force: true });
}

async function kindOf(path: string): Promise<'nothing' | 'socket' | 'other'> {
  try {
    return (await lstat(path)).isSocket() ? 'socket' : 'other';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'nothing';
    throw error;
  }
}

/** Whether a program serves the socket; one that does not answer in time is taken to live. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(ANSWER_MS, () => settle(true));
    const settle = (isAlive: boolean) => {
      socket.destroy();
      resolve(isAlive);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'ECONNREFUSED' || code === 'ENOENT') settle(false);
      else reject(error);
    });
  });
}

function listenOn(path: string, accept: Accept): Promise<Server> {
  const server = makeServer(accept);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
