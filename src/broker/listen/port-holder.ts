import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** The program that listens on a port. */
export interface PortHolder {
  readonly name: string;
  readonly pid: number;
}

const LISTENING = '0A';

/**
 * Who listens on a TCP port of this machine, as far as the kernel tells this user (proc(5): /proc/net/tcp, /proc/<pid>/fd).
 * `proc` is the root of the proc file system.
 */
export async function findPortHolder(port: number, proc = '/proc'): Promise<PortHolder | undefined> {
  const inodes = new Set([...(await inodesOf(port, `${proc}/net/tcp`)), ...(await inodesOf(port, `${proc}/net/tcp6`))]);
  if (inodes.size === 0) return undefined;
  for (const pid of await list(proc)) {
    if (!/^\d+$/.test(pid) || !(await holdsAny(inodes, `${proc}/${pid}/fd`))) continue;
    const name = await nameOf(`${proc}/${pid}`);
    return name === '' ? undefined : { name, pid: Number(pid) };
  }
  return undefined;
}

/** As the kernel names it; a program that runs in Node by its script, since Node calls all of them `MainThread`. */
async function nameOf(folder: string): Promise<string> {
  const name = (await orEmpty(readFile(`${folder}/comm`, 'utf8'))).trim();
  if (name !== 'MainThread' && name !== 'node') return name;
  const words = (await orEmpty(readFile(`${folder}/cmdline`, 'utf8'))).split('\0').slice(1);
  const script = words.find((word) => word !== '' && !word.startsWith('-'));
  return script === undefined ? name : basename(script).replace(/\.[cm]?[jt]s$/, '');
}

async function holdsAny(inodes: ReadonlySet<string>, folder: string): Promise<boolean> {
  for (const fd of await list(folder)) {
    const inode = /^socket:\[(\d+)\]$/.exec(await orEmpty(readlink(`${folder}/${fd}`)))?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

async function inodesOf(port: number, path: string): Promise<string[]> {
  const lines = (await orEmpty(readFile(path, 'utf8'))).split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const isThis = Number.parseInt(local.split(':')[1] ?? '', 16) === port;
    return isThis && state === LISTENING && inode !== undefined ? [inode] : [];
  });
}

/** What may not be read, or has just gone, counts as empty: the answer is only a courtesy. */
const orEmpty = (reading: Promise<string>): Promise<string> => reading.catch(() => '');
const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);
