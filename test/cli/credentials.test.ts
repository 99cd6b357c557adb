import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Errors } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCredentials } from '../../src/broker/access/credential-file.ts';
import { isPasswordOf } from '../../src/broker/access/password-hash.ts';
import { type CredentialsAnswer, CredentialsJson } from '../../src/schemes/contracts.ts';
import { type FakeNode, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { hanbus, type TestWorld } from './world.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp('/tmp/hanbus-credentials-');
  path = join(folder, 'credentials.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const say = (argv: readonly string[], more: TestWorld = {}) =>
  hanbus(['credentials', ...argv], { ...more, env: { HANBUS_DATA: folder, ...more.env } });

const PASSWORD = /(?:[a-km-z2-9]{4}-){5}[a-km-z2-9]{4}/g;

/** The golden with a password that is always the same. */
async function golden(name: string, argv: readonly string[], more: TestWorld = {}): Promise<void> {
  const { code, out, err } = await say(argv, more);
  const plain = (text: string) => text.replace(PASSWORD, 'abcd-efgh-ijkm-npqr-stuv-wxyz').replaceAll(folder, '/data');
  await expectGolden(name, ['credentials', ...argv], { code, out: plain(out), err: plain(err) });
}

async function asJson(argv: readonly string[]): Promise<CredentialsAnswer> {
  const { code, out, err } = await say([...argv, '--json']);
  expect({ code, err: err.replace(/^From other machines.*\n/, '') }).toEqual({ code: 0, err: '' });
  const answer: CredentialsAnswer = JSON.parse(out);
  expect([...Errors(CredentialsJson, answer)]).toEqual([]);
  return answer;
}

describe('credentials', () => {
  it('are added, listed and removed without a node', async () => {
    await golden('credentials-none', []);
    await golden('credentials-add', ['add', 'tasmota1', '--prefix', 'tasmota1']);
    await golden('credentials-add-plain', ['add', 'esp', '--prefix', 'garden/esp', '--plain', '--client-id', 'ESP 1']);
    await golden('credentials-add-operator', ['add', 'homeassistant', '--role', 'operator']);
    await golden('credentials-add-viewer', [
      'add',
      'tablet',
      '--role',
      'viewer',
      '--read',
      'hanbus/#',
      '--read',
      'a/%u/+',
    ]);
    await golden('credentials-add-certificate', ['add', 'pump', '--role', 'operator', '--certificate', 'pump.local']);
    await golden('credentials-ls', ['ls']);
    await golden('credentials-rotate', ['rotate', 'homeassistant']);
    await golden('credentials-rm', ['rm', 'tablet']);
    const names = (await asJson(['ls'])).credentials.map(({ name }) => name);
    expect(names).toEqual(['esp', 'homeassistant', 'pump', 'tasmota1']);
  });

  it('keep only a hash, which is of the password that was shown', async () => {
    const { password = '', credentials } = await asJson(['add', 'ann', '--role', 'admin']);
    expect(credentials).toMatchObject([{ name: 'ann', role: 'admin', password: true }]);
    expect(await readFile(path, 'utf8')).not.toContain(password);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const hashOf = async () => (await readCredentials(path))[0]?.hash ?? '';
    expect(await isPasswordOf(Buffer.from(password), await hashOf())).toBe(true);
    const { password: next = '' } = await asJson(['rotate', 'ann']);
    expect(next).not.toBe(password);
    expect(await isPasswordOf(Buffer.from(password), await hashOf())).toBe(false);
    expect(await isPasswordOf(Buffer.from(next), await hashOf())).toBe(true);
    expect((await say(['ls', '--json'])).out).not.toContain('scrypt');
  });

  it('take a password from standard input, and do not repeat it', async () => {
    const { out } = await say(['add', 'ann', '--role', 'viewer', '--password-stdin'], { stdin: 'correct horse\nmore' });
    expect(out).not.toContain('correct horse');
    const [ann] = await readCredentials(path);
    expect(await isPasswordOf(Buffer.from('correct horse'), ann?.hash ?? '')).toBe(true);
    const short = await say(['rotate', 'ann', '--password-stdin'], { stdin: 'short\n' });
    expect(short).toMatchObject({ code: 2, out: '' });
    expect(await readCredentials(path)).toEqual([ann]);
  });

  it.each([
    ['credentials-no-role', ['add', 'ann']],
    ['credentials-bad-role', ['add', 'ann', '--role', 'operater']],
    ['credentials-bad-prefix', ['add', 'ann', '--prefix', 'cmnd']],
    ['credentials-bad-pattern', ['add', 'ann', '--role', 'viewer', '--read', 'a#']],
    ['credentials-bad-name', ['add', 'an/n', '--role', 'viewer']],
    ['credentials-local', ['add', 'local', '--role', 'viewer']],
    ['credentials-viewer-writes', ['add', 'ann', '--role', 'viewer', '--write', 'a/#']],
    ['credentials-no-name', ['add']],
    ['credentials-unknown', ['rm', 'ann']],
    ['credentials-action', ['remove', 'ann']],
  ])('%s is refused and changes nothing', async (name, argv) => {
    await golden(name, argv);
    expect(await readCredentials(path)).toEqual([]);
  });

  it('of one name are not changed by adding them again', async () => {
    await say(['add', 'ann', '--role', 'viewer']);
    const before = await readFile(path, 'utf8');
    await golden('credentials-taken', ['add', 'ann', '--role', 'admin']);
    await golden('credentials-near', ['rm', 'anna']);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('of one client id are one', async () => {
    await say(['add', 'ann', '--prefix', 'ann', '--client-id', 'DVES_1']);
    await golden('credentials-id-taken', ['add', 'bob', '--prefix', 'bob', '--client-id', 'DVES_1']);
    expect(await readCredentials(path)).toMatchObject([{ name: 'ann' }]);
  });

  it('are those of the installed service for root, when no node runs', async () => {
    const fileOf = async (uid: number, isInstalled: boolean, env = {}) => {
      const files = { exists: async (path: string) => isInstalled && path === '/etc/systemd/system/hanbus.service' };
      const { out } = await hanbus(['credentials', '--json'], { uid, files, env });
      const answer: CredentialsAnswer = JSON.parse(out);
      return answer.file;
    };
    expect(await fileOf(0, true)).toBe('/var/lib/hanbus/credentials.json');
    expect(await fileOf(0, false)).toBe('/nowhere/ann/.local/state/hanbus/credentials.json');
    expect(await fileOf(1_000, true)).toBe('/nowhere/ann/.local/state/hanbus/credentials.json');
    expect(await fileOf(0, true, { HANBUS_DATA: folder })).toBe(path);
  });

  it('say what is wrong with their file', async () => {
    await writeFile(path, '{"version":1,"credentials":[{"name":"ann","role":"god"}]}');
    await golden('credentials-damaged', ['ls']);
    expect((await say(['add', 'bob', '--role', 'viewer'])).code).toBe(78);
  });
});

describe('with a running node', () => {
  let node: FakeNode;
  beforeEach(async () => {
    node = await startFakeNode();
  });
  afterEach(() => node.stop());

  it('are those of its data directory, and the line to try has its port', async () => {
    node.answer('info', async () => ({
      ...{ hanbus: 'info/1', version: '0', runtime: 'Node', board: '', node: 'kitchen', running: true },
      paths: { config: '', secrets: '', runtime: node.runtime, data: folder },
    }));
    const listeners = [{ url: 'mqtt://localhost:1884', open: true }];
    node.answer('status', async () => ({ hanbus: 'status/1', nodes: [{ self: true, listeners }] }));
    const { out } = await hanbus(['credentials', 'add', 'ann', '--role', 'operator'], {
      env: { HANBUS_RUNTIME: node.runtime, HANBUS_DATA: '/nowhere/data' },
    });
    expect(out).toContain(' -p 1884 ');
    expect(await readCredentials(path)).toMatchObject([{ name: 'ann' }]);
  });
});

it('check warns of a user that is in the scheme too', async () => {
  await say(['add', 'ann', '--role', 'viewer']);
  const file = join(folder, 'house.yaml');
  await writeFile(file, 'broker: {users: {ann: {password: $ANN}, bob: {password: $ANN}}}\n');
  const { code, out } = await hanbus(['check', file, '--strict'], { env: { HANBUS_DATA: folder, ANN: 'x' } });
  expect(out).toContain('HB168');
  expect(out).not.toContain('"bob"');
  expect(code).toBe(78);
});
