import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { HanbusError, reasonOf, systemCode } from '../../kit/errors.ts';

/** Where the files are; absolute paths. */
export interface KeyPaths {
  readonly cert: string;
  readonly key: string;
  /** Who may sign the certificates of clients. */
  readonly ca?: string;
}

/** What is in them, as PEM. */
export interface KeyTexts {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** Files that fit together. */
export interface CheckedKeys {
  readonly texts: KeyTexts;
  readonly certificate: X509Certificate;
  /** Other users of this machine can read the key. */
  readonly isKeyOpen: boolean;
}

/** Reads the files and sees that TLS can use them. Throws HanbusError HB191. */
export async function readKeys(paths: KeyPaths): Promise<CheckedKeys> {
  // One after the other, so that of two troubles always the same one is told.
  const cert = await readPem(paths.cert);
  const key = await readPem(paths.key);
  const ca = paths.ca === undefined ? undefined : await readPem(paths.ca);
  const certificate = parsed(paths.cert, 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed(paths.key, 'private key without a passphrase', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw unusable(`the key in ${paths.key} is not that of the certificate in ${paths.cert}`);
  }
  if (paths.ca !== undefined && ca !== undefined) checkAuthorities(paths.ca, ca);
  const texts = { cert, key, ...(ca === undefined ? {} : { ca }) };
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  parsed(paths.cert, 'certificate that TLS takes', () => createSecureContext(texts));
  const { mode } = await stat(paths.key);
  return { texts, certificate, isKeyOpen: (mode & 0o004) !== 0 };
}

/** Changes when a file does. A file that is not there has a stamp, too. */
export async function stampOf({ cert, key, ca }: KeyPaths): Promise<string> {
  const stamps = [cert, key, ...(ca === undefined ? [] : [ca])].map(async (path) => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      return `${mtimeMs} ${size} ${ino}`;
    } catch (error) {
      return systemCode(error) ?? 'unknown';
    }
  });
  return (await Promise.all(stamps)).join('|');
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reasons: Record<string, string> = { ENOENT: 'there is no such file', EACCES: 'this user may not read it' };
    throw unusable(`${path} cannot be read: ${reasons[systemCode(error) ?? ''] ?? reasonOf(error)}`, error);
  }
}

function checkAuthorities(path: string, pem: string): void {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw unusable(`${path} holds no certificate`);
  for (const block of blocks) parsed(path, 'certificate', () => new X509Certificate(block));
}

function parsed<T>(path: string, wanted: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw unusable(`${path} holds no ${wanted}: ${reasonOf(error)}`, error);
  }
}

function unusable(message: string, cause?: unknown): HanbusError {
  return new HanbusError('HB191', message, {
    fix: 'broker: {tls: {cert: /etc/hanbus/cert.pem, key: /etc/hanbus/key.pem}}',
    ...(cause === undefined ? {} : { cause }),
  });
}
