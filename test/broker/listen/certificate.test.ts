import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { time } from '../../../src/broker/listen/der.ts';
import { readKeys } from '../../../src/broker/listen/key-files.ts';
import { ownCertificate } from '../../../src/broker/listen/own-certificate.ts';
import { selfSigned } from '../../../src/broker/listen/self-signed.ts';
import { openTlsKeys } from '../../../src/broker/listen/tls-keys.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hanbus-tls-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function newKey() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** A certificate and its key in files of the folder. */
async function written(name: string, { from = NOW - DAY, until = NOW + 365 * DAY, keyMode = 0o600 } = {}) {
  const privateKey = newKey();
  const paths = { cert: join(folder, `${name}.cert`), key: join(folder, `${name}.key`) };
  await writeFile(paths.cert, selfSigned({ privateKey, name, hosts: ['localhost'], from, until }));
  await writeFile(paths.key, String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  await chmod(paths.key, keyMode);
  return paths;
}

describe('selfSigned', () => {
  it('makes what the library of Node reads', () => {
    const privateKey = newKey();
    const hosts = ['kitchen', 'kitchen.local', '192.0.2.7', '::1', '2001:db8:0:1::5', 'fe80::1:2:3:4'];
    const until = Date.UTC(2051, 0, 31, 1, 2, 3);
    const certificate = new X509Certificate(selfSigned({ privateKey, name: 'kitchen', hosts, from: NOW, until }));
    expect(certificate.subject).toBe('CN=kitchen');
    expect(certificate.validFromDate.getTime()).toBe(NOW);
    expect(certificate.validToDate.getTime()).toBe(until);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    for (const name of ['kitchen', 'kitchen.local']) expect(certificate.checkHost(name)).toBe(name);
    for (const address of hosts.slice(2)) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.checkHost('pantry')).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('does so for any name and many hosts', () => {
    const privateKey = newKey();
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().filter((address) => !address.includes('.')),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(host, { maxLength: 60 }), (name, hosts) => {
        const pem = selfSigned({ privateKey, name, hosts, from: NOW, until: NOW + DAY });
        const certificate = new X509Certificate(pem);
        expect(certificate.verify(certificate.publicKey)).toBe(true);
        createSecureContext({ cert: pem, key: privateKey.export({ type: 'sec1', format: 'pem' }) });
      }),
      { numRuns: 50 },
    );
  });

  it('gives two of one key different numbers', () => {
    const privateKey = newKey();
    const numbers = [1, 2].map(() => {
      const pem = selfSigned({ privateKey, name: 'x', hosts: ['x'], from: NOW, until: NOW + DAY });
      return new X509Certificate(pem).serialNumber;
    });
    expect(numbers[0]).not.toBe(numbers[1]);
  });

  it('writes times as certificates do', () => {
    expect(time(Date.UTC(2049, 11, 31, 23, 59, 59)).toString('latin1')).toContain('491231235959Z');
    expect(time(Date.UTC(2050, 0, 1)).toString('latin1')).toContain('20500101000000Z');
  });
});

describe('the own certificate', () => {
  const world = (now = NOW) => ({
    folder: join(folder, 'data', 'tls'),
    host: 'kitchen.lan',
    addresses: ['192.0.2.7'],
    now,
  });

  it('is made once, for ten years and every name of the host, with a key for the user alone', async () => {
    const paths = await ownCertificate(world());
    const { certificate } = await readKeys(paths);
    for (const name of ['kitchen', 'kitchen.lan', 'kitchen.local', 'localhost']) {
      expect(certificate.checkHost(name)).toBe(name);
    }
    for (const address of ['127.0.0.1', '::1', '192.0.2.7']) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.validFromDate.getTime()).toBe(Date.UTC(2020, 0, 1));
    expect(certificate.validToDate.getUTCFullYear()).toBe(2036);
    expect((await stat(paths.key)).mode & 0o777).toBe(0o600);
    expect((await stat(world().folder)).mode & 0o777).toBe(0o700);
    const before = await readFile(paths.cert, 'utf8');
    await ownCertificate({ ...world(), host: 'other', addresses: [] });
    expect(await readFile(paths.cert, 'utf8')).toBe(before);
  });

  it('serves a board whose clock says 1970, and goes on when the clock is right', async () => {
    const { certificate } = await readKeys(await ownCertificate(world(0)));
    expect(certificate.validToDate.getUTCFullYear()).toBe(2036);
  });

  it('keeps its key when the certificate is lost, and is another when the key is', async () => {
    const paths = await ownCertificate(world());
    const key = await readFile(paths.key, 'utf8');
    await rm(paths.cert);
    await ownCertificate(world());
    expect(await readFile(paths.key, 'utf8')).toBe(key);
    await rm(paths.key);
    const { certificate } = await readKeys(await ownCertificate(world()));
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(false);
  });

  it('says so when it cannot be kept', async () => {
    await writeFile(join(folder, 'data'), 'in the way');
    await expect(ownCertificate(world())).rejects.toMatchObject({ code: 'HB122' });
  });

  it('leaves out a host name that no certificate can hold', async () => {
    const { certificate } = await readKeys(await ownCertificate({ ...world(), host: 'Küche' }));
    expect(certificate.subjectAltName).toContain('localhost');
    expect(certificate.subject).toBe('CN=Küche');
  });
});

describe('files that are no good', () => {
  it.each([
    ['there is none', async (cert: string) => rm(cert), 'there is no such file'],
    ['it is text', async (cert: string) => writeFile(cert, 'hello'), 'holds no certificate'],
    ['it is empty', async (cert: string) => writeFile(cert, ''), 'holds no certificate'],
  ])('certificate: %s', async (_what, spoil, words) => {
    const paths = await written('a');
    await spoil(paths.cert);
    await expect(readKeys(paths)).rejects.toMatchObject({ code: 'HB191', message: expect.stringContaining(words) });
  });

  it('the key of another', async () => {
    const paths = { ...(await written('a')), key: (await written('b')).key };
    await expect(readKeys(paths)).rejects.toThrow('is not that of the certificate');
  });

  it('a key behind a passphrase', async () => {
    const paths = await written('a');
    const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    await writeFile(paths.key, String(newKey().export(options)));
    await expect(readKeys(paths)).rejects.toThrow('holds no private key without a passphrase');
  });

  it.each([
    ['no certificate at all', 'text', 'holds no certificate'],
    ['a broken one', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', 'holds no certificate'],
  ])('authorities: %s', async (_what, text, words) => {
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, text);
    await expect(readKeys({ ...(await written('a')), ca })).rejects.toThrow(words);
  });
});

describe('openTlsKeys', () => {
  async function opened(paths: { cert: string; key: string }) {
    const clock = makeFakeClock(NOW);
    const { log, lines } = makeFakeLog();
    const keys = await openTlsKeys({ paths, clock, log });
    let changes = 0;
    keys.onChange(() => {
      changes += 1;
    });
    /** One look at the files: real reads behind a fake timer. */
    const look = async () => {
      const pending = clock.pending;
      await clock.advance(60_000);
      await expect.poll(() => clock.pending).toBe(pending);
    };
    return { keys, clock, lines, look, changes: () => changes };
  }

  async function replace(to: { cert: string; key: string }, by: { cert: string; key: string }) {
    await writeFile(to.cert, await readFile(by.cert));
    await writeFile(to.key, await readFile(by.key));
    await utimes(to.cert, 1, Math.random() * 1e6);
  }

  it('takes new files when they come, and tells', async () => {
    const paths = await written('a');
    const next = await written('b');
    const { keys, look, changes } = await opened(paths);
    const before = keys.fingerprint;
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    await look();
    expect(changes()).toBe(0);
    await replace(paths, next);
    await look();
    expect(changes()).toBe(1);
    expect(keys.fingerprint).not.toBe(before);
    expect(keys.current.cert).toBe(await readFile(next.cert, 'utf8'));
    keys.close();
  });

  it('keeps the files before when the new ones are no good, and takes the next that are', async () => {
    const paths = await written('a');
    const next = await written('b');
    const { keys, look, changes, lines } = await opened(paths);
    const before = keys.current;
    await replace(paths, { ...next, key: (await written('c')).key });
    await look();
    expect(keys.current).toEqual(before);
    expect(keys.problems()).toMatchObject([{ code: 'HB191', severity: 'warning' }]);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', fields: { code: 'HB191' } });
    await rm(paths.cert);
    await look();
    expect(changes()).toBe(0);
    await replace(paths, next);
    await look();
    expect(changes()).toBe(1);
    expect(keys.problems()).toEqual([]);
    keys.close();
  });

  it.each([
    ['has ended', { until: NOW - DAY }, 'ended on 2026-11-21'],
    ['ends soon', { until: NOW + 13 * DAY }, 'ends on 2026-12-05'],
    ['has a key that others can read', { keyMode: 0o644 }, 'other users of this machine can read'],
  ])('serves a certificate that %s, and says so', async (_what, options, words) => {
    const { keys } = await opened(await written('a', { from: NOW - 100 * DAY, ...options }));
    expect(keys.problems()).toMatchObject([{ code: 'HB191', message: expect.stringContaining(words) }]);
    keys.close();
  });

  it('looks no more when it is closed', async () => {
    const { keys, clock } = await opened(await written('a'));
    keys.close();
    expect(clock.pending).toBe(0);
  });
});
