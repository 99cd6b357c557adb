import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/node/make-plan.ts';
import type { Found } from '../../src/schemes/found.ts';
import { NO_RULES } from '../../src/schemes/rules/rules-text.ts';
import type { DeviceText, Scheme } from '../../src/schemes/scheme.ts';

function found(at: string, name: string, kind: string, certainty: Found['certainty'] = 'sure'): Found {
  const provenance = { source: `/sys/${at}`, why: 'test' };
  return { kind, name, at, group: 'bus', options: { at }, certainty, provenance };
}

function scheme(devices: Readonly<Record<string, Partial<DeviceText>>>): Scheme {
  const whole = Object.entries(devices).map(([name, text]) => [name, { options: {}, points: {}, ...text }]);
  return {
    node: {},
    publish: {},
    devices: Object.fromEntries(whole),
    broker: { listen: 1883 },
    state: {},
    rules: NO_RULES,
    waiting: [],
  };
}

const board = found('board', 'board', 'board');
const probes = [found('1wire:28-1', 't1', 'ds18b20'), found('1wire:28-2', 't2', 'ds18b20')];
const plan = (text: Scheme, devices: readonly Found[], book = {}) => makePlan('kitchen', text, devices, book);

describe('makePlan', () => {
  it('takes everything that is sure, with an empty scheme, and no guess', () => {
    const { plan: made, problems } = plan(scheme({}), [
      board,
      ...probes,
      found('i2c:0x3c', 'screen', 'ssd1306', 'guess'),
    ]);
    expect(made.devices.map(({ name }) => name)).toEqual(['board', 't1', 't2']);
    expect(made.devices.every(({ origin }) => origin === 'harvest')).toBe(true);
    expect(problems).toEqual([]);
  });

  it('gives the found device the name, options and policy that a person wrote', () => {
    const written = { kind: 'ds18b20', at: '1wire:28-2', options: { bits: 9 }, publish: { every: '5s' } };
    const { plan: made, book } = plan(scheme({ fridge: written }), [board, ...probes]);
    expect(made.devices.map(({ name }) => name)).toEqual(['board', 'fridge', 't1']);
    expect(made.devices[1]).toMatchObject({
      at: '1wire:28-2',
      origin: 'file',
      options: { at: '1wire:28-2', bits: 9 },
      publish: { every: '5s' },
    });
    expect(book['1wire:28-2']?.name).toBe('fridge');
  });

  it('needs no place when only one fits', () => {
    const { plan: made, problems } = plan(scheme({ me: { kind: 'board' } }), [board]);
    expect(made.devices).toMatchObject([{ name: 'me', at: 'board' }]);
    expect(problems).toEqual([]);
  });

  it('asks which one when several fit, and opens none of them for it', () => {
    const { plan: made, problems } = plan(scheme({ fridge: { kind: 'ds18b20' } }), probes);
    expect(made.devices.map(({ name, lost }) => [name, lost === true])).toEqual([
      ['fridge', true],
      ['t1', false],
      ['t2', false],
    ]);
    expect(problems).toMatchObject([{ code: 'HB232', path: ['devices', 'fridge'] }]);
    expect(problems[0]?.fix).toContain('at: "1wire:28-1"');
  });

  it('runs a written device that no harvest finds', () => {
    const { plan: made } = plan(scheme({ web: { kind: 'service', options: { unit: 'nginx' } } }), [board]);
    expect(made.devices.find(({ name }) => name === 'web')).toMatchObject({
      kind: 'service',
      at: 'service:web',
      options: { unit: 'nginx' },
    });
  });

  it('opens a written place that no harvest finds', () => {
    const { plan: made } = plan(scheme({ fridge: { kind: 'ds18b20', at: '1wire:28-9' } }), [board]);
    expect(made.devices.find(({ name }) => name === 'fridge')).toMatchObject({
      at: '1wire:28-9',
      options: { at: '1wire:28-9' },
    });
  });

  it('tunes a found device by its name, and tells when there is none', () => {
    const { plan: made, problems } = plan(
      scheme({ board: { publish: { every: '2s' } }, boat: { publish: { every: '2s' } } }),
      [board],
    );
    expect(made.devices).toMatchObject([{ name: 'board', origin: 'harvest', publish: { every: '2s' } }]);
    expect(problems).toMatchObject([{ code: 'HB233', severity: 'warning', path: ['devices', 'boat'] }]);
  });

  it('adopts a guess that a person named', () => {
    const guess = found('i2c:0x3c', 'screen', 'ssd1306', 'guess');
    const { plan: made } = plan(scheme({ oled: { kind: 'ssd1306' } }), [guess]);
    expect(made.devices).toMatchObject([{ name: 'oled', at: 'i2c:0x3c' }]);
  });

  it('keeps what is away as lost, under its name, and takes it back', () => {
    const first = plan(scheme({}), probes);
    const second = plan(scheme({}), [probes[0] ?? board], first.book);
    expect(second.plan.devices.map(({ name, lost }) => [name, lost === true])).toEqual([
      ['t1', false],
      ['t2', true],
    ]);
    const third = plan(scheme({}), probes, second.book);
    expect(third.plan.devices.map(({ name, lost }) => [name, lost === true])).toEqual([
      ['t1', false],
      ['t2', false],
    ]);
  });

  it('keeps a written name for a device that is away', () => {
    const text = scheme({ fridge: { kind: 'ds18b20', at: '1wire:28-1' } });
    const first = plan(text, probes);
    const { plan: made } = plan(text, [probes[1] ?? board], first.book);
    expect(made.devices.map(({ name }) => name)).toEqual(['fridge', 't2']);
  });
});
