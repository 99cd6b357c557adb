import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask, named } from './kernel-agents.ts';

describe('one-wire agent', () => {
  it('knows the families and leaves the rest with a reason', async () => {
    const { found, seen } = await ask('one-wire', treePorts('pi4'));
    expect(found.map(({ kind }) => kind).sort()).toEqual([
      'ds1822',
      'ds1825',
      'ds18b20',
      'ds18b20',
      'ds18s20',
      'ds2408',
      'ds2438',
      'ds28ea00',
    ]);
    expect(named({ found, seen }, 'ds18b20').at).toBe('1wire:28-0000071a2b3c');
    expect(named({ found, seen }, 'ds18b20_2').at).toBe('1wire:28-0316a2794cff');
    expect(seen.map(({ what, why }) => [what, why])).toEqual([
      ['01-00001a2b3c4d DS2401 serial number or iButton key', 'there is no driver for it yet'],
    ]);
  });

  it('says how to turn the bus on, by the boot file that the system has', async () => {
    const ports = treePorts('pi3');
    const [off] = (await ask('one-wire', ports)).seen;
    expect(off).toMatchObject({ what: 'off', code: 'HB103' });
    expect(off?.fix).toBe('echo dtoverlay=w1-gpio | sudo tee -a /boot/firmware/config.txt && sudo reboot');
    const old = treePorts('pi3');
    old.files.remove('/boot');
    old.files.set('/boot/config.txt', '');
    expect((await ask('one-wire', old)).seen[0]?.fix).toContain(' /boot/config.txt ');
  });

  it('is silent on machines that never have such a bus', async () => {
    expect(await ask('one-wire', treePorts('x86-laptop'))).toEqual({ found: [], seen: [] });
  });

  it('explains noise, an empty bus and a missing module', async () => {
    const noise = (await ask('one-wire', treePorts('pi-zero-2w'))).seen;
    expect(noise.map(({ why }) => why)).toEqual([expect.stringContaining('resistor')]);
    const ports = treePorts('bare-vm');
    ports.files.set('/sys/bus/w1/devices/w1_bus_master1/w1_master_slaves', 'not found.');
    expect((await ask('one-wire', ports)).seen).toMatchObject([{ what: 'bus is on, no devices' }]);
    ports.files.set('/sys/bus/w1/devices/28-0000071a2b3c/uevent', '');
    expect((await ask('one-wire', ports)).seen).toMatchObject([{ fix: 'sudo modprobe w1_therm' }]);
  });

  it('loses a probe that is pulled out and finds it again', async () => {
    const ports = treePorts('pi4');
    const link = '/sys/bus/w1/devices/28-0000071a2b3c';
    ports.files.remove(link);
    expect((await ask('one-wire', ports)).found.map(({ at }) => at)).not.toContain('1wire:28-0000071a2b3c');
    ports.files.point(link, '../../../devices/w1_bus_master1/28-0000071a2b3c');
    expect((await ask('one-wire', ports)).found.map(({ at }) => at)).toContain('1wire:28-0000071a2b3c');
  });
});
