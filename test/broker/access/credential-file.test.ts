import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCredentialAccess } from '../../../src/broker/access/credential-access.ts';
import type { SecretCredential } from '../../../src/broker/access/credential-book.ts';
import { changeCredentials, credentialsIn, readCredentials } from '../../../src/broker/access/credential-file.ts';
import { decodeCredentials, encodeCredentials } from '../../../src/broker/access/credential-text.ts';
import { hashPassword } from '../../../src/broker/access/password-hash.ts';
import type { CredentialChange } from '../../../src/broker/access.ts';
import { makeSystemClock } from '../../../src/kit/clock.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

let folder: string;
let path: string;
const clock = makeSystemClock();
const HASH = await hashPassword(Buffer.from('pw'));
const ANN: SecretCredential = {
  ...{ name: 'ann', role: 'operator', read: ['a/#'], write: ['b/%c'], plain: false, certificates: ['pump'] },
  hash: HASH,
};
const TAS: SecretCredential = {
  ...{ name: 'tas', role: 'device', prefix: 'tas', clientId: 'DVES_1', read: [], write: [], plain: true },
  ...{ certificates: [], hash: HASH },
};

beforeEach(async () => {
  folder = await mkdtemp('/tmp/hanbus-credentials-');
  path = credentialsIn(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const add = (one: SecretCredential) => changeCredentials(path, clock, (before) => [...before, one]);
const fileWith = (credentials: unknown, version = 1) => JSON.stringify({ version, credentials });

describe('the file', () => {
  it('gives back what was written, sorted, for its owner alone', async () => {
    await add(TAS);
    await add(ANN);
    expect(await readCredentials(path)).toEqual([ANN, TAS]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['credentials.json']);
    expect(await readFile(path, 'utf8')).toBe(encodeCredentials([TAS, ANN]));
  });

  it('is made with its directory, and none is an empty one', async () => {
    const deep = credentialsIn(join(folder, 'a', 'b'));
    expect(await readCredentials(deep)).toEqual([]);
    await changeCredentials(deep, clock, () => [ANN]);
    expect(await readCredentials(deep)).toEqual([ANN]);
    expect((await stat(join(folder, 'a', 'b'))).mode & 0o777).toBe(0o700);
  });

  it('loses nothing when many commands change it at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    await Promise.all(names.map((name) => add({ ...ANN, name })));
    expect((await readCredentials(path)).map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it('stays as it was when the change fails', async () => {
    await add(ANN);
    const failing = changeCredentials(path, clock, () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await readCredentials(path)).toEqual([ANN]);
    expect(await readdir(folder)).toEqual(['credentials.json']);
  });

  it('waits for another command, then says so (HB166)', async () => {
    await writeFile(`${path}.new`, '');
    const virtual = makeFakeClock();
    let failure: unknown;
    const changing = changeCredentials(path, virtual, () => [ANN]).catch((error: unknown) => {
      failure = error;
    });
    await expect.poll(() => virtual.advance(1_000).then(() => failure)).toMatchObject({ code: 'HB166' });
    await changing;
  });

  it('takes the place of a command that died', async () => {
    await writeFile(`${path}.new`, 'half');
    const before = new Date(Date.now() - 60_000);
    await utimes(`${path}.new`, before, before);
    await add(ANN);
    expect(await readCredentials(path)).toEqual([ANN]);
  });

  it.skipIf(process.getuid?.() === 0)('is closed to other users (HB157)', async () => {
    await chmod(folder, 0o500);
    await expect(add(ANN)).rejects.toMatchObject({ code: 'HB157' });
    await chmod(folder, 0o700);
  });

  it.each([
    ['not JSON', 'secret-stuff{'],
    ['no list', '{"version":1}'],
    ['of another version', fileWith([], 2)],
    ['with a number', fileWith([5])],
    ['without a name', fileWith([{ role: 'viewer' }])],
    ['with a strange role', fileWith([{ name: 'a', role: 'god' }])],
    ['with a strange key', fileWith([{ name: 'a', role: 'viewer', sudo: true }])],
    ['with a plain password', fileWith([{ name: 'a', role: 'viewer', password: 'secret-stuff' }])],
    ['with a pattern that is none', fileWith([{ name: 'a', role: 'viewer', read: ['a/#/b'] }])],
    ['with a list that is none', fileWith([{ name: 'a', role: 'viewer', read: 'a' }])],
    ['with a text that is none', fileWith([{ name: 'a', role: 'device', prefix: 5 }])],
    ['with plain: yes', fileWith([{ name: 'a', role: 'viewer', plain: 'yes' }])],
    ['with a device without a prefix', fileWith([{ name: 'a', role: 'device' }])],
    ['with local', fileWith([{ name: 'local', role: 'viewer' }])],
    [
      'with a name twice',
      fileWith([
        { name: 'a', role: 'viewer' },
        { name: 'a', role: 'admin' },
      ]),
    ],
  ])('%s is refused with HB167, which repeats nothing secret', (_what, text) => {
    let failure: unknown;
    try {
      decodeCredentials(text, path);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ code: 'HB167', message: expect.stringContaining(path) });
    expect(String(failure)).not.toContain('secret-stuff');
  });
});

it('whatever is in the file, it is read or refused with HB167', () => {
  const keys = fc.constantFrom(
    'name',
    'role',
    'prefix',
    'client_id',
    'read',
    'write',
    'plain',
    'certificates',
    'password',
  );
  const values = fc.oneof(fc.constantFrom('viewer', 'device', 'a/#', HASH, true, ''), fc.jsonValue());
  const credentials = fc.array(fc.oneof(fc.dictionary(keys, values), fc.jsonValue()), { maxLength: 3 });
  fc.assert(
    fc.property(fc.oneof(credentials, fc.jsonValue()), (raw) => {
      try {
        decodeCredentials(fileWith(raw), path);
      } catch (error) {
        expect(error).toMatchObject({ code: 'HB167' });
      }
    }),
  );
});

describe('a running node', () => {
  async function open() {
    const { log, lines } = makeFakeLog();
    const isPasswordOf = async (password: Uint8Array) => Buffer.from(password).toString() === 'pw';
    const access = await openCredentialAccess({ folder, clock, log, node: 'kitchen', isPasswordOf });
    const heard: CredentialChange[] = [];
    access.onChange((change) => heard.push(change));
    const come = async (username: string, password: string, clientId = 'c') => {
      const admission = await access.admit({
        ...{ clientId, username, password: Buffer.from(password) },
        peer: { address: '127.0.0.1', transport: 'tcp' },
      });
      return 'rights' in admission ? admission.rights.role : admission.reason;
    };
    return { access, lines, heard, come };
  }

  it('follows the file without a restart', async () => {
    const { access, heard, come } = await open();
    expect(await come('ann', 'pw')).toBe(0x86);
    await add(ANN);
    await expect.poll(() => come('ann', 'pw'), { timeout: 10_000 }).toBe('operator');
    await changeCredentials(path, clock, () => [{ ...ANN, role: 'viewer', write: [] }]);
    await expect.poll(() => heard).toEqual([{ removed: new Set(), changed: new Set(['ann']) }]);
    expect(await come('ann', 'pw')).toBe('viewer');
    await rm(path);
    await expect.poll(() => heard.length).toBe(2);
    expect(heard[1]).toEqual({ removed: new Set(['ann']), changed: new Set() });
    expect(await come('ann', 'pw')).toBe(0x86);
    access.stop();
  });

  it('keeps the logins it knew when the file is damaged, and says so', async () => {
    await add(ANN);
    const { access, lines, heard, come } = await open();
    await writeFile(path, 'broken');
    await expect.poll(() => access.problems()).toMatchObject([{ code: 'HB167', severity: 'error' }]);
    expect(await come('ann', 'pw')).toBe('operator');
    expect(heard).toEqual([]);
    expect(lines.filter(({ fields }) => fields.code === 'HB167')).toHaveLength(1);
    await rm(path);
    await add(ANN);
    await expect.poll(() => access.problems()).toEqual([]);
    access.stop();
  });

  it('warns of a file that others can read', async () => {
    await add(ANN);
    await chmod(path, 0o644);
    const { access } = await open();
    expect(access.problems()).toMatchObject([{ code: 'HB270', fix: `chmod 600 ${path}` }]);
    access.stop();
  });

  it('starts with a directory that is a file', async () => {
    await mkdir(path);
    const { access, come } = await open();
    expect(access.problems()).toHaveLength(1);
    expect(await come('ann', 'pw')).toBe(0x86);
    access.stop();
  });

  it('takes users of the scheme too; of one name the file counts', async () => {
    await add(ANN);
    const { access, heard, come } = await open();
    const user = { ...ANN, hash: undefined, role: 'viewer', write: [], certificates: [], password: '$ANN' } as const;
    const users = [user, { ...user, name: 'bob', password: '$BOB' }, { ...user, name: 'eve', password: '$UNSET' }];
    access.apply({ listen: 1883, users }, { ANN: 'ann-secret', BOB: 'bob-secret' });
    expect(access.problems()).toMatchObject([{ code: 'HB168', severity: 'warning' }]);
    expect(await come('ann', 'pw')).toBe('operator');
    expect(await come('ann', 'ann-secret')).toBe(0x86);
    expect(await come('bob', 'bob-secret')).toBe('viewer');
    expect(await come('eve', '')).toBe(0x86);
    access.apply({ listen: 1883, users }, { ANN: 'ann-secret', BOB: 'new-secret' });
    expect(heard).toEqual([{ removed: new Set(), changed: new Set(['bob']) }]);
    access.apply({ listen: 1883, local: 'closed' }, {});
    expect(heard[1]).toEqual({ removed: new Set(['bob', 'eve', 'local']), changed: new Set() });
    access.stop();
  });
});
