import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask, named } from './kernel-agents.ts';

describe('hwmon agent', () => {
  it('claims each sensor once and says where its twin is', async () => {
    const { found, seen } = await ask('hwmon', treePorts('x86-laptop'));
    expect(found.map(({ name, at }) => [name, at])).toEqual([
      ['nvme', 'hwmon:pci/0000:3d:00.0'],
      ['coretemp', 'hwmon:platform/coretemp.0'],
      ['thinkpad', 'hwmon:platform/thinkpad_hwmon'],
    ]);
    expect(named({ found, seen }, 'nvme').about).toBe('nvme sensors of Samsung SSD 970 EVO Plus 500GB');
    expect(seen.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      'hwmon chip acpitz: the same sensor as the thermal zone acpitz',
      'hwmon chip BAT0: the same values as the power supply',
      'hwmon chip iwlwifi_1: the same sensor as the thermal zone iwlwifi-1',
    ]);
  });

  it('knows the twin of a zone on an old kernel by its name', async () => {
    const { found, seen } = await ask('hwmon', treePorts('pi-zero-2w'));
    expect(found).toEqual([]);
    const twin = seen.find(({ what }) => what === 'hwmon chip cpu_thermal');
    expect(twin?.why).toBe('the same sensor as the thermal zone cpu-thermal');
  });

  it.each([
    ['w1_slave_temp', '1-Wire'],
    ['iio_hwmon', 'IIO'],
    ['rpi_volt', 'power device'],
  ])('leaves %s alone', async (name, reason) => {
    const ports = treePorts('bare-vm');
    ports.files.set('/sys/class/hwmon/hwmon0/name', name);
    ports.files.set('/sys/class/hwmon/hwmon0/temp1_input', '20000');
    const { found, seen } = await ask('hwmon', ports);
    expect(found).toEqual([]);
    expect(seen[0]?.why).toContain(reason);
  });

  it('tells two chips of one place apart by their names', async () => {
    const ports = treePorts('bare-vm');
    for (const [entry, name] of [
      ['hwmon0', 'left'],
      ['hwmon1', 'right'],
    ]) {
      const real = `/sys/devices/platform/board/hwmon/${entry}`;
      ports.files.set(`${real}/name`, `${name}`);
      ports.files.set(`${real}/temp1_input`, '20000');
      ports.files.point(`/sys/class/hwmon/${entry}`, real);
    }
    const { found } = await ask('hwmon', ports);
    expect(found.map(({ at }) => at)).toEqual(['hwmon:platform/board/left', 'hwmon:platform/board/right']);
  });

  it('gives the chip of a bus the group of the bus', async () => {
    const ports = treePorts('bare-vm');
    const real = '/sys/devices/platform/soc/fe804000.i2c/i2c-1/1-004a/hwmon/hwmon3';
    ports.files.set(`${real}/name`, 'lm75');
    ports.files.set(`${real}/temp1_input`, '20000');
    ports.files.point('/sys/class/hwmon/hwmon3', real);
    const { found } = await ask('hwmon', ports);
    expect(found[0]).toMatchObject({ at: 'hwmon:i2c-1:0x4a', group: 'i2c-1', name: 'lm75' });
  });
});
