import { chmod, mkdir, mkdtemp, rename, rm, rmdir, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { HanbusError, reasonOf, systemCode } from '../kit/errors.ts';

/** Linux: `sun_path` holds 107 bytes and a zero. */
const LONGEST_PATH = 107;
const ASIDE = '.api-XXXXXX/s';

/**
 * Listens on a socket file that only its owner may open (mode 0600). The file appears under its name when it is ready,
 * in one step; the file of a dead node is replaced, that of a living one is an HB125.
 */
export async function listenOnFile(server: Server, path: string): Promise<void> {
  const folder = dirname(path);
  checkLength(join(folder, ASIDE), path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    refuseStrangersFolder(folder, await stat(folder));
    await refuseIfAlive(path);
    const aside = await mkdtemp(join(folder, '.api-'));
    const hidden = join(aside, 's');
    try {
      await listen(server, hidden);
      await chmod(hidden, 0o600);
      await rename(hidden, path);
    } finally {
      await rm(hidden, { force: true });
      await rmdir(aside);
    }
  } catch (error) {
    if (error instanceof HanbusError) throw error;
    throw new HanbusError('HB124', `cannot make the control socket ${path}: ${reasonOf(error)}`, {
      fix: 'HANBUS_RUNTIME=/tmp/hanbus hanbus up',
      cause: error,
    });
  }
}

function checkLength(hidden: string, path: string): void {
  if (Math.max(Buffer.byteLength(hidden), Buffer.byteLength(path)) <= LONGEST_PATH) return;
  throw new HanbusError('HB124', `the path of the control socket is too long (over ${LONGEST_PATH} bytes): ${path}`, {
    fix: 'HANBUS_RUNTIME=/tmp/hanbus hanbus up',
  });
}

/** In a folder of somebody else, such as one laid out under /tmp, that person could answer in our place. */
export function refuseStrangersFolder(
  folder: string,
  { uid, mode }: { readonly uid: number; readonly mode: number },
  ownUid = process.getuid?.() ?? 0,
): void {
  const isOurs = ownUid === 0 || uid === ownUid;
  const anyoneMayReplace = (mode & 0o1002) === 0o002;
  if (isOurs && !anyoneMayReplace) return;
  const why = isOurs ? 'anybody may write there' : `it belongs to user ${uid}`;
  throw new HanbusError('HB124', `the folder ${folder} is not safe for the control socket: ${why}`, {
    fix: 'HANBUS_RUNTIME=$HOME/.hanbus hanbus up',
  });
}

async function refuseIfAlive(path: string): Promise<void> {
  const alive = await answers(path);
  if (!alive) return;
  throw new HanbusError('HB125', `a node is running already; it answers at ${path}`, {
    fix: 'hanbus down',
  });
}

/** Whether somebody listens behind the socket file. A file that is not there or that nobody serves says no. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(1_000, () => settle(true));
    const settle = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') settle(false);
      else reject(error);
    });
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
