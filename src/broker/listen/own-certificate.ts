import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HanbusError, reasonOf, systemCode } from '../../kit/errors.ts';
import type { KeyPaths } from './key-files.ts';
import { selfSigned } from './self-signed.ts';

export interface OwnCertificateWorld {
  /** Where it is kept; made when it is not there. */
  readonly folder: string;
  /** The host name. */
  readonly host: string;
  /** Own addresses in the network. */
  readonly addresses: readonly string[];
  readonly now: number;
}

/** A board without a battery wakes up in the past: the certificate counts there, too. */
const FROM = Date.UTC(2020, 0, 1);
/** No board runs this program before this day, whatever its clock says. */
const EARLIEST_NOW = Date.UTC(2026, 0, 1);
const TEN_YEARS_MS = 3_652 * 86_400_000;

/**
 * The certificate that the node has made for itself, made now when there is none. It stays for ten years, so that clients
 * may pin it. Throws HanbusError HB122 when the folder cannot be written.
 */
export async function ownCertificate({ folder, host, addresses, now }: OwnCertificateWorld): Promise<KeyPaths> {
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  try {
    const keyText = await readText(paths.key);
    const certText = await readText(paths.cert);
    if (keyText !== undefined && certText !== undefined) return paths;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const privateKey = keyText === undefined ? await newKey(paths.key) : createPrivateKey(keyText);
    const until = Math.max(now, EARLIEST_NOW) + TEN_YEARS_MS;
    const cert = selfSigned({ privateKey, name: host, hosts: hostsOf(host, addresses), from: FROM, until });
    await writeWhole(paths.cert, cert, 0o644);
    return paths;
  } catch (error) {
    throw new HanbusError('HB122', `no TLS certificate can be kept in ${folder}: ${reasonOf(error)}`, {
      cause: error,
      fix: `ls -ld ${folder}`,
    });
  }
}

/** Names first; a name that no certificate can hold is left out. */
function hostsOf(host: string, addresses: readonly string[]): string[] {
  const short = host.split('.')[0] ?? host;
  const names = [host, short, `${short}.local`, 'localhost'].filter((name) =>
    /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(name),
  );
  return [...new Set([...names, '127.0.0.1', '::1', ...addresses])];
}

async function newKey(path: string): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  await writeWhole(path, String(privateKey.export({ type: 'pkcs8', format: 'pem' })), 0o600);
  return privateKey;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode, flush: true });
  await rename(`${path}.new`, path);
}
