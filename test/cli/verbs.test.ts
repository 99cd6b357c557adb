import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeNode, SCAN, STATUS, STATUS_TROUBLED, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { hanbus, start } from './world.ts';

let node: FakeNode;

beforeAll(async () => {
  process.env.TZ = 'UTC';
  node = await startFakeNode();
});

afterAll(async () => {
  await node.stop();
});

const ask = (argv: readonly string[], env: Record<string, string> = {}, tty = false) =>
  hanbus(argv, { env: { HANBUS_RUNTIME: node.runtime, ...env }, tty });

describe('with a running node', () => {
  it.each([
    ['config-show', ['config', 'show']],
    ['config-show-origin', ['config', 'show', 'publish', '--origin']],
    ['info-running', ['info']],
    ['logs', ['logs']],
    ['logs-since', ['logs', '--since', '10min', '--level', 'warn']],
    ['ls', ['ls']],
    ['ls-glob', ['ls', '*.temperature']],
    ['ls-long', ['ls', 'fridge', '--long']],
    ['ls-unknown', ['ls', 'frigde']],
    ['node-other', ['ls', '--node', 'hall']],
    ['read-bad', ['read', 'fridge.temperature']],
    ['read-many', ['read', 'board.load', 'disk_root']],
    ['read-one', ['read', 'board.load']],
    ['read-slashes', ['read', 'kitchen/board/memory']],
    ['read-unknown', ['read', 'board.lode']],
    ['read-wait', ['read', 'garden.temperature', '--wait', '10ms']],
    ['scan', ['scan']],
    ['scan-long', ['scan', '--long']],
    ['set', ['set', 'pump', 'on']],
    ['set-dry-run', ['set', 'pump', 'on', '--for', '20s', '--dry-run']],
    ['set-for', ['set', 'pump', 'on', '--for', '2s']],
    ['set-no-value', ['set', 'pump']],
    ['set-refused', ['set', 'gate.open', 'on', '--once']],
    ['set-scene', ['set', 'scene:evening']],
    ['set-unknown', ['set', 'pmp', 'on']],
    ['status', ['status']],
    ['status-unknown', ['status', 'kitchn']],
    ['undo', ['undo', 'board/load']],
    ['up-running', ['up']],
  ])('%s', async (name, argv) => {
    await expectGolden(name, argv, await ask(argv));
  });

  it('status-troubled', async () => {
    node.answer('status', async () => STATUS_TROUBLED);
    await expectGolden('status-troubled', ['status'], await ask(['status']));
    node.answer('status', async () => STATUS);
  });

  it('colours on a terminal only, and not with NO_COLOR, TERM=dumb or --no-color', async () => {
    const plain = await ask(['ls']);
    const coloured = await ask(['ls'], { TERM: 'xterm' }, true);
    expect(coloured.out).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured.out)).toBe(plain.out);
    expect((await ask(['ls'], { NO_COLOR: '1' }, true)).out).toBe(plain.out);
    expect((await ask(['ls'], { TERM: 'dumb' }, true)).out).toBe(plain.out);
    expect((await ask(['ls', '--no-color'], {}, true)).out).toBe(plain.out);
    expect((await ask(['ls'], { FORCE_COLOR: '1' })).out).toBe(coloured.out);
  });

  it('says what it waits for after a second', async () => {
    let answer: (scan: typeof SCAN) => void = () => undefined;
    node.answer(
      'scan',
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const asking = start(['scan'], { env: { HANBUS_RUNTIME: node.runtime } });
    await expect.poll(() => asking.err()).toBe('Waiting for the node to answer "scan" ...\n');
    answer(SCAN);
    expect((await asking.done).code).toBe(0);
    node.answer('scan', async () => SCAN);
  });

  it('puts the names of the node into schema --live', async () => {
    const [live, plain] = [await ask(['schema', '--live']), await ask(['schema'])];
    expect(live.code).toBe(0);
    expect(live.out).toContain('"fridge"');
    expect(plain.out).not.toContain('"fridge"');
  });

  it('is silent beside the answer with --quiet', async () => {
    expect(await ask(['read', 'fridge.temperature', '--quiet'])).toEqual({ code: 1, out: '4.1 °C\n', err: '' });
  });

  it('writes ASCII where the locale is not UTF-8', async () => {
    const { out } = await ask(['ls'], { LC_ALL: 'C' });
    expect(out).toMatch(/^[ -~\n]+$/);
    await expectGolden('ls-ascii', ['ls'], await ask(['ls'], { LC_ALL: 'C' }));
  });
});

describe('without a node', () => {
  it.each([
    ['bare', []],
    ['check-missing', ['check', 'none.yaml']],
    ['check-none', ['check']],
    ['completion-unknown', ['completion', 'csh']],
    ['down-none', ['down']],
    ['help', ['help']],
    ['help-exit', ['help', 'exit']],
    ['help-flag', ['read', '--help']],
    ['help-read', ['help', 'read']],
    ['help-unknown', ['help', 'wach']],
    ['info-none', ['info']],
    ['ls-none', ['ls']],
    ['ls-none-json', ['ls', '--json']],
    ['config-verb', ['config', 'edit']],
    ['logs-level', ['logs', '--level', 'warning']],
    ['option-value', ['read', 'a.b', '--wait']],
    ['read-nothing', ['read']],
    ['too-many', ['status', 'a', 'b']],
    ['watch-rate', ['watch', '--rate', 'fast']],
    ['schema-contract-unknown', ['schema', '--contract', 'stat']],
    ['timeout-bare', ['ls', '--timeout', '5']],
    ['unknown-flag', ['ls', '--lnog']],
    ['unknown-verb', ['statsu']],
    ['unknown-verb-habit', ['list']],
    ['unknown-verb-far', ['xyzzy', '--json']],
    ['version', ['--version']],
  ])('%s', async (name, argv) => {
    await expectGolden(name, argv, await hanbus(argv));
  });
});
