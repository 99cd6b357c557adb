import { Errors } from 'typebox/value';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { request } from '../../src/bus/request.ts';
import { serveRequests } from '../../src/bus/requests.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { schemeVerbs } from '../../src/node/scheme-verbs.ts';
import { type ApplyAnswer, CONTRACTS, type SchemeAnswer } from '../../src/schemes/contracts.ts';
import type { DevicePlan } from '../../src/schemes/plan.ts';
import type { Scheme } from '../../src/schemes/scheme.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { type House, makeHouse } from './scheme-house.ts';

const OLD =
  'devices:\n  oled: ads1115\n  soil: {kind: ads1115, at: "i2c-1:0x49"}\nhome: {mode: {values: [home, away]}}\n';

let house: House;
let bus: Bus;
let stop: () => void;
/** What is attached. */
let found: readonly DevicePlan[] = [];

beforeEach(async () => {
  house = await makeHouse(OLD);
  bus = new Bus((error) => {
    throw error;
  });
  const verbs = schemeVerbs({ node: 'kitchen', schemes: house.loop, devicesOf });
  stop = serveRequests({ bus, node: 'kitchen', origin: 'node', verbs, log: makeFakeLog().log });
});

afterEach(async () => {
  stop();
  await house.remove();
});

/** As a planner makes them when nothing is attached. */
function devicesOf(scheme: Scheme): readonly DevicePlan[] {
  const written = Object.entries(scheme.devices).map(([name, { kind = '', at = '', options, points }]) => ({
    ...{ name, kind, at, options, points, group: 'scheme', origin: 'file' as const },
    provenance: { source: 'scheme', why: 'a test' },
  }));
  return [...written, ...found.filter(({ name }) => !Object.hasOwn(scheme.devices, name))];
}

async function ask(verb: string, args: Readonly<Record<string, unknown>> = {}, origin = 'api'): Promise<unknown> {
  return await request(bus, { node: 'kitchen', verb, args }, { clock: makeSystemClock(), origin });
}

async function kept<T extends { readonly hanbus: string }>(verb: string, args = {}, origin = 'api'): Promise<T> {
  const answer = await ask(verb, args, origin);
  const contract = { confirm: 'confirm', scheme: 'scheme' }[verb] ?? 'apply';
  expect([...Errors(CONTRACTS[contract] ?? {}, answer)]).toEqual([]);
  return answer as T;
}

const scheme = (args = {}) => kept<SchemeAnswer>('scheme', args);
const apply = (args = {}, origin = 'api') => kept<ApplyAnswer>('apply', args, origin);

it('shows the files with their etag, takes others, and tells what changes in the home', async () => {
  const { etag, files } = await scheme();
  expect(files).toEqual([{ path: 'hanbus.yaml', bytes: OLD.length, text: OLD }]);
  const text = OLD.replace('oled: ', 'lcd: ').replace('away', 'away, night').concat('publish: {every: 5s}\n');
  const none = { added: [], changed: [], removed: [], unchanged: 0 };
  const dry = await apply({ files: { 'hanbus.yaml': text }, etag, dryRun: true });
  expect(dry).toMatchObject({ ok: true, dryRun: true, files: ['hanbus.yaml'] });
  expect(dry.changes).toEqual({
    devices: { added: ['lcd'], changed: [], removed: ['oled'], unchanged: 1 },
    ...{ rules: none, scenes: none, groups: none },
    home: { added: [], changed: ['mode'], removed: [], unchanged: 0 },
    parts: ['publish'],
  });
  expect(await house.text()).toBe(OLD);
  const done = await apply({ text, etag, confirm: 5, who: 'ann\u0007' });
  expect(done).toMatchObject({ ok: true, confirmWithinMs: 5_000, kept: true, version: { number: 2, who: 'ann' } });
  expect(await kept('confirm', { etag: done.etag })).toMatchObject({ outcome: 'confirmed' });
  expect((await scheme()).versions.map(({ source }) => source)).toEqual(['file', 'apply']);
});

it('knows an MQTT client by its id, whatever it says', async () => {
  await apply({ text: 'node: hall\n', etag: '*', confirm: 0, who: 'ann' }, 'mqtt:panel');
  expect(house.loop.history.versions.at(-1)?.who).toBe('mqtt:panel');
});

it('gives the texts of a version, and goes back to it', async () => {
  await apply({ text: 'node: hall\n', etag: '*', confirm: 0 });
  expect((await scheme({ version: 1 })).files[0]?.text).toBe(OLD);
  const back = await kept<ApplyAnswer>('revert', { who: 'bob' });
  expect(back).toMatchObject({ ok: true, version: { number: 3, of: 1, who: 'bob' } });
  expect(await house.text()).toBe(OLD);
  await expect(ask('scheme', { version: 9 })).rejects.toMatchObject({ code: 'HB396' });
  await expect(ask('revert', { to: 9 })).rejects.toMatchObject({ code: 'HB396' });
});

it('saves what the harvest found, with the options that its driver needs, and nothing twice', async () => {
  const board = { kind: 'board', at: 'board', options: {}, points: {}, group: 'board', origin: 'harvest' as const };
  found = [
    { ...board, name: 'cpu', provenance: { source: '/proc', why: 'a test' } },
    { ...board, name: 'gone', lost: true, provenance: { source: 'memory', why: 'a test' } },
  ];
  expect(await kept<ApplyAnswer>('save', { dryRun: true })).toMatchObject({ ok: true, saved: ['cpu'], dryRun: true });
  expect(await house.text()).toBe(OLD);
  expect(await kept<ApplyAnswer>('save')).toMatchObject({ ok: true, version: { number: 2 } });
  expect(await house.text()).toContain('  cpu: {kind: board, at: board}\n');
  found = [];
  expect(await kept<ApplyAnswer>('save')).toMatchObject({ ok: true, saved: [], files: [] });
});

it('ends a trial when it is taken back', async () => {
  await apply({ text: 'node: hall\n', etag: '*' });
  expect((await scheme()).trial).toMatchObject({ leftMs: 60_000 });
  const back = await kept<ApplyAnswer>('revert', { who: 'bob' });
  expect(back).toMatchObject({ ok: true, ended: { outcome: 'reverted', why: 'taken back by bob' } });
  expect(await house.text()).toBe(OLD);
});

it('does not tell the text of a file with a secret in it', async () => {
  await house.put('hanbus.yaml', 'broker: {engine: {url: mqtt://h, user: a, password: hunter22}}\n');
  await ask('apply');
  const answer = await scheme();
  expect(answer.files).toMatchObject([{ path: 'hanbus.yaml', hidden: expect.stringContaining('HB270') }]);
  expect(JSON.stringify(answer)).not.toContain('hunter22');
});

it.each([
  ['no etag', { text: 'node: hall\n' }, 'HB158'],
  ['no texts', { files: {}, etag: '*' }, 'HB158'],
  ['a text that is none', { files: { 'hanbus.yaml': 7 }, etag: '*' }, 'HB158'],
  ['65 files', { files: Object.fromEntries([...Array(65).keys()].map((n) => [`${n}.yaml`, ''])), etag: '*' }, 'HB158'],
  ['a time that is none', { text: '', etag: '*', confirm: '60s' }, 'HB158'],
  ['a time too long', { text: '', etag: '*', confirm: 4_000 }, 'HB158'],
  ['a file outside', { files: { '../other.yaml': '' }, etag: '*' }, 'HB398'],
  ['an absolute file outside', { files: { '/etc/passwd': '' }, etag: '*' }, 'HB398'],
  ['a file that is not YAML', { files: { 'secrets.env': 'A=b' }, etag: '*' }, 'HB398'],
  ['a hidden file', { files: { '.git/x.yaml': '' }, etag: '*' }, 'HB398'],
  ['nothing that waits', undefined, 'HB391'],
])('refuses %s', async (_what, args, code) => {
  const asked = args === undefined ? ask('confirm', { etag: 'x' }) : ask('apply', args);
  await expect(asked).rejects.toMatchObject({ code });
  expect(await house.text()).toBe(OLD);
});

it('refuses more than 64 kB before anything is read', async () => {
  const heard: string[] = [];
  bus.subscribe('hanbus/kitchen/$res/apply', (message) => void heard.push(textOf(message)), { origin: 'test' });
  const payload = JSON.stringify({ text: 'x'.repeat(70_000), etag: '*' });
  bus.publish({ topic: 'hanbus/kitchen/$req/apply', payload, origin: 'test' });
  await expect.poll(() => heard).toMatchObject([expect.stringContaining('HB158')]);
});
