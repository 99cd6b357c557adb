import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask, named } from './kernel-agents.ts';

describe('thermal agent', () => {
  it('calls the processor of a Pi cpu', async () => {
    const { found, seen } = await ask('thermal', treePorts('pi4'));
    expect(found).toEqual([
      {
        kind: 'thermal',
        name: 'cpu',
        at: 'thermal:cpu-thermal',
        group: 'board',
        options: { at: 'thermal:cpu-thermal' },
        certainty: 'sure',
        provenance: { source: '/sys/class/thermal/thermal_zone0/temp', why: 'thermal zone of type cpu-thermal' },
        about: 'processor',
      },
    ]);
    expect(seen).toEqual([]);
  });

  it('leaves out twins, made-up zones and sleeping radios, with the reason', async () => {
    const { found, seen } = await ask('thermal', treePorts('x86-laptop'));
    expect(found.map(({ at }) => at)).toEqual(['thermal:acpitz']);
    expect(Object.fromEntries(seen.map(({ what, why }) => [what, why]))).toEqual({
      'thermal zone INT3400 Thermal': 'a switch of the firmware for cooling policies; its temperature is made up',
      'thermal zone x86_pkg_temp': 'the same sensor as the package of coretemp',
      'thermal zone iwlwifi_1': expect.stringContaining('the device has no value'),
    });
  });

  it('claims the package zone where there is no coretemp', async () => {
    const ports = treePorts('x86-laptop');
    ports.files.remove('/sys/class/hwmon/hwmon4');
    expect(named(await ask('thermal', ports), 'cpu').at).toBe('thermal:x86_pkg_temp');
  });

  it('tells zones of one type apart by their device', async () => {
    const ports = treePorts('x86-laptop');
    const zone = '/sys/class/thermal/thermal_zone9';
    ports.files.set(`${zone}/type`, 'acpitz');
    ports.files.set(`${zone}/temp`, '29000');
    ports.files.set('/sys/devices/LNXSYSTM:00/LNXSYBUS:00/LNXTHERM:01/status', '15');
    ports.files.point(`${zone}/device`, '/sys/devices/LNXSYSTM:00/LNXSYBUS:00/LNXTHERM:01');
    const places = (await ask('thermal', ports)).found.map(({ at }) => at);
    expect(places).toEqual([
      'thermal:acpitz/LNXSYSTM:00/LNXSYBUS:00/LNXTHERM:00',
      'thermal:acpitz/LNXSYSTM:00/LNXSYBUS:00/LNXTHERM:01',
    ]);
  });
});
