import { describe, expect, it } from 'vitest';
import { treePorts } from '../../fakes/tree-ports.ts';
import { openKind } from '../../harvest/kernel-agents.ts';

const bad = (why: string) => ({ quality: 'bad', why: expect.stringContaining(why) });

describe('lights', () => {
  it('tell brightness in % and the trigger that works', async () => {
    const { read } = await openKind('led', { at: 'led:PWR' }, treePorts('pi4'));
    expect(await read()).toEqual({ brightness: 100, trigger: 'default-on' });
    const keyboard = await openKind('led', { at: 'led:tpacpi::kbd_backlight' }, treePorts('x86-laptop'));
    expect(await keyboard.read()).toEqual({ brightness: 50, trigger: 'none' });
  });

  it('do not divide by nothing', async () => {
    const { read } = await openKind('led', { at: 'led:bad' }, treePorts('hostile'));
    expect(await read()).toEqual({ brightness: bad('no brightness and maximum') });
  });

  it('tell whether a screen is lit', async () => {
    const laptop = await openKind('backlight', { at: 'backlight:intel_backlight' }, treePorts('x86-laptop'));
    expect(await laptop.read()).toEqual({ brightness: 50, power: false });
    const pi = await openKind('backlight', { at: 'backlight:10-0045' }, treePorts('pi4'));
    expect(await pi.read()).toEqual({ brightness: 50.2, power: true });
  });
});
