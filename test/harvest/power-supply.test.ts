import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

describe('power-supply agent', () => {
  it('names supplies by what they are, and an empty slot not at all', async () => {
    const { found, seen } = await ask('power-supply', treePorts('x86-laptop'));
    expect(found.map(({ name, at, about }) => [name, at, about])).toEqual([
      ['mains', 'power:AC', 'Mains AC'],
      ['battery', 'power:BAT0/5512', 'Battery LGC 02DL005'],
      [
        'battery_wireless_mouse_mx_master',
        'power:hidpp_battery_0/4069-5c-b1-7f-2e',
        'Battery Logitech Wireless Mouse MX Master 2S',
      ],
    ]);
    expect(seen.map(({ what, why }) => [what, why])).toEqual([['Battery BAT1', 'the slot is empty']]);
  });
});
