import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

describe('lights and clocks', () => {
  it('finds LEDs by name, those of a keyboard by its place', async () => {
    const laptop = await ask('leds', treePorts('x86-laptop'));
    expect(laptop.found.map(({ name, at }) => [name, at])).toEqual([
      ['led_capslock', 'led:platform/i8042/serio0/capslock'],
      ['led_numlock', 'led:platform/i8042/serio0/numlock'],
      ['led_tpacpi_kbd_backlight', 'led:tpacpi::kbd_backlight'],
    ]);
  });

  it('keeps the place of a keyboard light when the keyboard is counted anew', async () => {
    const ports = treePorts('bare-vm');
    const add = (input: string) => {
      const real = `/sys/devices/platform/i8042/serio0/input/${input}`;
      ports.files.set(`${real}/${input}::capslock/brightness`, '0');
      ports.files.point(`${real}/${input}::capslock/device`, real);
      ports.files.point(`/sys/class/leds/${input}::capslock`, `${real}/${input}::capslock`);
    };
    add('input3');
    const before = (await ask('leds', ports)).found.map(({ at, name }) => [at, name]);
    ports.files.remove('/sys/class/leds');
    add('input17');
    expect((await ask('leds', ports)).found.map(({ at, name }) => [at, name])).toEqual(before);
  });

  it('finds the clock of a board, and says when a Pi has none', async () => {
    expect((await ask('rtc', treePorts('pi4'))).found.map(({ at }) => at)).toEqual(['rtc:1-0068']);
    expect((await ask('rtc', treePorts('pi3'))).seen.map(({ what }) => what)).toEqual(['no real-time clock']);
    expect(await ask('rtc', treePorts('bare-vm'))).toEqual({ found: [], seen: [] });
  });

  it('finds screens', async () => {
    expect((await ask('backlight', treePorts('x86-laptop'))).found.map(({ at, name }) => [at, name])).toEqual([
      ['backlight:intel_backlight', 'intel_backlight'],
    ]);
  });
});
