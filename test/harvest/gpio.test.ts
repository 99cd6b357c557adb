import { describe, expect, it } from 'vitest';
import { gpioChip, makeFakeGpio } from '../fakes/gpio.ts';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

describe('gpio agent', () => {
  it('counts the pins of the header and names their users', async () => {
    const chips = [
      gpioChip('gpiochip0', 'pinctrl-bcm2711', { count: 58, used: { 4: 'onewire@4', 42: 'ACT', 17: '' } }),
      gpioChip('gpiochip1', 'raspberrypi-exp-gpio', { count: 8, used: { 2: 'PWR' } }),
    ];
    const { seen } = await ask('gpio', treePorts('pi4', makeFakeGpio(chips)));
    expect(seen.map(({ what, why, source }) => [what, why, source])).toEqual([
      [
        '24 free',
        'used: GPIO4 by onewire@4, GPIO17 by the kernel; no pin is touched before a scheme names it',
        '/dev/gpiochip0 (pinctrl-bcm2711)',
      ],
      ['raspberrypi-exp-gpio: 7 free of 8', 'used: GPIO2 by PWR', '/dev/gpiochip1 (raspberrypi-exp-gpio)'],
    ]);
  });

  it('knows a chip with two device files as one', async () => {
    const header = (device: string) => gpioChip(device, 'pinctrl-rp1', { count: 54 });
    const { seen } = await ask('gpio', treePorts('pi5', makeFakeGpio([header('gpiochip0'), header('gpiochip4')])));
    expect(seen.map(({ what }) => what)).toEqual(['26 free', 'gpiochip10']);
  });

  it('falls back to the facts of sysfs and keeps code and fix of the refusal', async () => {
    const refusal = { code: 'HB102', fix: 'sudo usermod -aG gpio $USER' };
    const { seen } = await ask('gpio', treePorts('pi4', makeFakeGpio([], refusal)));
    expect(seen.map(({ what }) => what)).toEqual([
      'gpiochip0 pinctrl-bcm2711, 58 lines',
      'gpiochip1 raspberrypi-exp-gpio, 8 lines',
    ]);
    expect(seen[0]).toMatchObject(refusal);
  });
});
