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
