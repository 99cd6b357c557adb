import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configAnswer } from '../../src/node/config-answer.ts';
import { LogRing } from '../../src/node/log-ring.ts';
import { machineDisk } from '../../src/node/scheme-disk.ts';
import { environmentWithSecrets, filesOn, rememberedFiles, secretsProblems } from '../../src/node/scheme-files.ts';
import { Stoppers } from '../../src/node/stoppers.ts';
import { NO_RULES } from '../../src/schemes/rules/rules-text.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

describe('Stoppers', () => {
  it('stops in reverse order, goes on after a failure, and waits for nobody for long', async () => {
    const clock = makeFakeClock();
    const { log, lines } = makeFakeLog();
    const stoppers = new Stoppers(clock, log);
    const order: string[] = [];
    stoppers.add('first', () => order.push('first'));
    stoppers.add('hangs', () => new Promise(() => order.push('hangs')));
    stoppers.add('fails', () => Promise.reject(new Error('no')));
    stoppers.add('last', async () => order.push('last'));
    const done = stoppers.stop();
    expect(stoppers.stop()).toBe(done);
    await clock.advance(2_000);
    await Promise.all([done, stoppers.stopped]);
    expect(order).toEqual(['last', 'hangs', 'first']);
    expect(lines.map(({ fields }) => fields.part)).toEqual(['fails', 'hangs']);
  });
});

describe('LogRing', () => {
  const line = (text: string, level: 'info' | 'warn', fields = {}) => ({ time: 1, level, text, fields });

  it('numbers, filters and forgets the oldest', () => {
    const ring = new LogRing();
    const passed: string[] = [];
    const write = ring.tee(({ text }) => passed.push(text));
    write(line('a', 'info', { service: 'broker' }));
    write(line('b', 'warn', { device: 'air' }));
    write(line('c', 'info'));
    const texts = (args: Parameters<LogRing['answer']>[0]) => ring.answer(args).lines.map(({ text }) => text);
    expect(passed).toEqual(['a', 'b', 'c']);
    expect([
      texts({}),
      texts({ after: 1 }),
      texts({ level: 'warn' }),
      texts({ source: 'air' }),
      texts({ limit: 1 }),
    ]).toEqual([['a', 'b', 'c'], ['b', 'c'], ['b'], ['b'], ['c']]);
    for (let count = 0; count < 1_500; count += 1) write(line('x', 'info'));
    expect(ring.answer({ limit: 9_999 }).lines).toHaveLength(1_000);
  });
});

describe('scheme files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-'));
  const write = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(folder, name), text, { mode });
    return join(folder, name);
  };

  it('reads, expands stars, and tells missing from empty', async () => {
    const main = write('hanbus.yaml', 'node: x\n');
    const [one, two] = [write('r1.yaml', ''), write('r2.yaml', '')];
    expect(await filesOn(machineDisk).readText(main)).toBe('node: x\n');
    expect(await filesOn(machineDisk).readText(join(folder, 'absent'))).toBeUndefined();
    expect(await filesOn(machineDisk).expand('r*.yaml', main)).toEqual([one, two]);
    expect(await filesOn(machineDisk).expand('absent/*.yaml', main)).toEqual([]);
    expect(await rememberedFiles({ [one]: '1', [two]: '2', [main]: '' }).expand('r*.yaml', main)).toEqual([one, two]);
  });

  it('takes secrets under the environment, quotes off', async () => {
    const path = write('secrets.env', '# comment\nMAIL_PASSWORD="a b"\nKEY=from file\nexport OTHER=x\n');
    expect(await environmentWithSecrets({ KEY: 'from outside' }, path)).toEqual({
      MAIL_PASSWORD: 'a b',
      KEY: 'from outside',
      OTHER: 'x',
    });
    expect(await secretsProblems(path)).toEqual([]);
    expect(await secretsProblems(write('open.env', '', 0o644))).toMatchObject([{ code: 'HB270' }]);
    expect(await secretsProblems(join(folder, 'absent'))).toEqual([]);
    expect(await secretsProblems(folder)).toMatchObject([{ code: 'HB157', severity: 'warning' }]);
    expect(await environmentWithSecrets({ KEY: 'from outside' }, folder)).toEqual({ KEY: 'from outside' });
  });
});

describe('configAnswer', () => {
  it('lists each key once, with its origin; a flag wins over the file, the run time over both', () => {
    const scheme = {
      node: { name: 'a' },
      publish: { every: '60s' },
      devices: { air: { options: { x: 1 }, points: {}, at: 'p' } },
      broker: { listen: 1883 },
      state: {},
      rules: NO_RULES,
      waiting: [],
    };
    const places = new Map([
      ['publish.every', 'h.yaml:2:3'],
      ['broker.listen', 'environment:HANBUS_BROKER__LISTEN'],
    ]);
    const placeOf = (key: string) => places.get(key);
    const settings = [{ key: 'node.name', value: 'b', origin: 'flag' as const, place: '--name' }];
    const live = [{ key: 'devices.air.points.t.publish.every', value: '2s', origin: 'run time' as const }];
    const { values } = configAnswer(settings, { scheme, problems: [], files: [], placeOf }, live);
    expect(values).toContainEqual({ key: 'node.name', value: 'b', origin: 'flag', place: '--name' });
    expect(values).toContainEqual({ key: 'publish.every', value: '60s', origin: 'file', place: 'h.yaml:2:3' });
    expect(values).toContainEqual({
      key: 'broker.listen',
      value: 1883,
      origin: 'environment',
      place: 'HANBUS_BROKER__LISTEN',
    });
    expect(values).toContainEqual({ key: 'devices.air.x', value: 1, origin: 'default' });
    expect(values).toContainEqual({ key: 'devices.air.points.t.publish.every', value: '2s', origin: 'run time' });
    expect(new Set(values.map(({ key }) => key)).size).toBe(values.length);
  });
});
