import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

describe('iio agent', () => {
  it('finds sensors by bus place and name, and leaves outputs alone', async () => {
    const { found, seen } = await ask('iio', treePorts('pi4'));
    expect(found.map(({ name, at, group }) => [name, at, group])).toEqual([
      ['tsl2591', 'iio:i2c-1:0x29/tsl2591', 'i2c-1'],
      ['ads1015', 'iio:i2c-1:0x48/ads1015', 'i2c-1'],
      ['scd4x', 'iio:i2c-1:0x62/scd4x', 'i2c-1'],
      ['bme280', 'iio:i2c-1:0x76/bme280', 'i2c-1'],
      ['dht11', 'iio:platform/dht11@4/dht11@4', 'board'],
    ]);
    expect(seen.map(({ what }) => what)).toEqual(['IIO device mcp4725']);
  });
});
