import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { HanbusError, systemCode } from '../../kit/errors.ts';

/** How often a lock may change hands under our eyes before we give up. */
const TRIES = 5;

/**
 * Takes the lock at `path` for this process, or throws HB125. The file names its owner: process, when that was started,
 * and which start of the machine; the lock of a process that is gone is taken over. Returns how to give it back.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const own = `${await describe(process.pid)} ${randomUUID()}\n`;
  for (let left = TRIES; left > 0; left -= 1) {
    if (await claim(path, own)) return () => release(path, own);
    const holder = await textOf(path);
    if (holder === undefined) continue;
    if (await isAlive(holder)) throw inUse(path, holder);
    if (await takeOver(path, holder, own)) return () => release(path, own);
  }
  throw inUse(path, 'another process');
}

/** Only who has the lock of this very stale lock may replace it: of many that find it, one. */
async function takeOver(path: string, stale: string, own: string): Promise<boolean> {
  const mark = createHash('sha256').update(stale).digest('hex').slice(0, 8);
  const leave = await takeLock(`${path}.${mark}`);
  try {
    if ((await textOf(path)) !== stale) return false;
    await replace(path, own);
    return true;
  } finally {
    await leave();
  }
}

/** On a full disk nothing is left behind. */
async function replace(path: string, own: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    await writeFile(fresh, own, { mode: 0o600, flag: 'wx' });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** What a file system says that has no hard links, such as that of a memory stick. */
const NO_LINKS = new Set(['ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM']);

/** The file appears whole or not at all, and only when there is none. */
async function claim(path: string, own: string): Promise<boolean> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    await writeFile(fresh, own, { mode: 0o600, flag: 'wx' });
    await link(fresh, path).catch((error: unknown) => {
      if (!NO_LINKS.has(systemCode(error) ?? '')) throw error;
      return writeFile(path, own, { mode: 0o600, flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(fresh, { force: true });
  }
}

async function release(path: string, own: string): Promise<void> {
  if ((await textOf(path)) === own) await rm(path, { force: true });
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid = '', started, boot] = holder.trim().split(' ');
  if (!/^[1-9]\d{0,9}$/.test(pid)) return false;
  const now = (await describe(Number(pid))).split(' ');
  return now[1] !== 'gone' && now[1] === started && now[2] === boot;
}

/** Process number, its start in ticks since the machine started, and the start of the machine. */
async function describe(pid: number): Promise<string> {
  const stat = await textOf(`/proc/${pid}/stat`);
  const boot = (await textOf('/proc/sys/kernel/random/boot_id'))?.trim() ?? 'unknown';
  // The name of the program may hold spaces; behind its closing bracket all is plain.
  const started = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return `${pid} ${started ?? 'gone'} ${boot}`;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function inUse(path: string, holder: string): HanbusError {
  const who = holder.split(' ')[0];
  return new HanbusError('HB125', `a node uses this data already (process ${who}); its lock is ${path}`, {
    fix: 'use the running one, stop it, or give this one its own HANBUS_DATA',
  });
}
