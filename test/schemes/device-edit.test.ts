import { expect, it } from 'vitest';
import { deviceNames, withDevices } from '../../src/schemes/device-edit.ts';

const probe = { name: 'fridge', members: { kind: 'ds18b20', at: '1wire:28-0316a2794cff' } };
const disk = { name: 'disk', members: { kind: 'disk', at: 'disk:serial/1', mount: '/' } };

it.each([
  ['an empty file', '', 'node: den\ndevices:\n  fridge: {kind: ds18b20, at: 1wire:28-0316a2794cff}\n'],
  [
    'a file with comments, in front and behind',
    '# my house\nnode: hall # the name\n\ndevices:\n  soil: ads1115 # in the garden\n',
    '# my house\nnode: hall # the name\n\ndevices:\n  soil: ads1115 # in the garden\n  fridge: {kind: ds18b20, at: 1wire:28-0316a2794cff}\n',
  ],
  [
    'devices on one line',
    'node: hall\ndevices: {soil: ads1115}\n',
    'node: hall\ndevices: {soil: ads1115, fridge: {kind: ds18b20, at: 1wire:28-0316a2794cff}}\n',
  ],
  [
    'an entry that only tunes it',
    'node: hall\ndevices:\n  fridge: {publish: {every: 5s}} # often\n',
    'node: hall\ndevices:\n  fridge: {publish: {every: 5s}, kind: ds18b20, at: 1wire:28-0316a2794cff} # often\n',
  ],
  ['its short form', 'node: hall\ndevices: {fridge: ds18b20}\n', 'node: hall\ndevices: {fridge: ds18b20}\n'],
  [
    'no devices yet, but the key',
    'node: hall\ndevices:\n',
    'node: hall\ndevices:\n  fridge: {kind: ds18b20, at: 1wire:28-0316a2794cff}\n',
  ],
])('puts a device into %s', (_what, before, after) => {
  expect(withDevices(before, 'den', [probe])).toBe(after);
  expect(deviceNames(after)).toContain('fridge');
});

it('writes the options that a driver needs', () => {
  expect(withDevices('node: hall\n', 'den', [disk])).toBe(
    'node: hall\ndevices:\n  disk: {kind: disk, at: disk:serial/1, mount: /}\n',
  );
});

it('leaves a file with errors, or one that is no map', () => {
  expect(withDevices('node: [\n', 'den', [probe])).toBeUndefined();
  expect(withDevices('- a\n', 'den', [probe])).toBeUndefined();
  expect(deviceNames('- a\n')).toEqual([]);
});
