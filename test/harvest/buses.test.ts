import { describe, expect, it } from 'vitest';
import { gpioChip, makeFakeGpio } from '../fakes/gpio.ts';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

const linesOf = async (agent: string, board: string) =>
  (await ask(agent, treePorts(board))).seen.map(({ group, what }) => `${group}: ${what}`);

describe('i2c agent', () => {
  it('lists what the kernel has on the header bus', async () => {
    expect(await linesOf('i2c', 'pi4')).toEqual([
      'i2c-1: bus is on, 7 kernel devices: 0x29 tsl2591, 0x3c ssd1306 (no driver), 0x48 ads1015, 0x60 mcp4725, 0x62 scd4x, 0x68 ds3231, 0x76 bme280',
      'i2c: 2 internal buses: i2c-20, i2c-21',
    ]);
  });

  it('says how to turn it on, with the tool of the board where it is installed', async () => {
    const [off] = (await ask('i2c', treePorts('pi3'))).seen;
    expect(off).toMatchObject({ group: 'i2c-1', what: 'off', code: 'HB101', fix: 'sudo raspi-config nonint do_i2c 0' });
    const plain = treePorts('pi3');
    plain.files.remove('/usr/bin/raspi-config');
    const fix = 'echo dtparam=i2c_arm=on | sudo tee -a /boot/firmware/config.txt && sudo reboot';
    expect((await ask('i2c', plain)).seen[0]?.fix).toBe(fix);
  });

  it('says who may open the bus', async () => {
    const [bus] = (await ask('i2c', treePorts('pi5'))).seen;
    expect(bus).toMatchObject({ code: 'HB102', fix: 'sudo usermod -aG i2c $USER' });
  });

  it('says when the device file is missing', async () => {
    expect((await ask('i2c', treePorts('pi-zero-2w'))).seen).toMatchObject([{ fix: 'sudo modprobe i2c-dev' }]);
  });

  it('leaves the buses of graphics and main board alone, and shows a USB adapter', async () => {
    expect(await linesOf('i2c', 'x86-laptop')).toEqual([
      'i2c-6: bus is on, no kernel devices',
      'i2c: 6 internal buses: i2c-0, i2c-1, i2c-2, i2c-3, i2c-4, i2c-5',
    ]);
  });

  it('reads no device file', async () => {
    const ports = treePorts('pi4');
    await ask('i2c', ports);
    expect(ports.files.asked.filter((path) => path.startsWith('/dev/'))).toEqual([]);
  });
});

describe('spi agent', () => {
  it('says who has each chip select', async () => {
    const { seen } = await ask('spi', treePorts('pi4'));
    expect(seen.map(({ what, why }) => [what, why])).toEqual([
      ['spi0.0 mcp2515', 'the kernel driver mcp251x has it'],
      ['spi0.1 free', expect.stringContaining('/dev/spidev0.1')],
    ]);
  });

  it('does not take the flash of a Pi 5 for the header', async () => {
    expect(await linesOf('spi', 'pi5')).toEqual(['spi10: spi10.0 free', 'spi0: off']);
  });

  it('says who may open it', async () => {
    const ports = treePorts('pi4');
    ports.files.fail('/dev/spidev0.1', 'EACCES');
    expect((await ask('spi', ports)).seen[1]).toMatchObject({ code: 'HB102', fix: 'sudo usermod -aG spi $USER' });
  });
});

describe('usb and serial agents', () => {
  it('tell a board by its port, with the name that stays', async () => {
    const { seen } = await ask('serial', treePorts('pi4'));
    expect(seen[0]).toEqual({
      group: 'usb',
      what: '/dev/ttyACM0 Arduino (www.arduino.cc), Arduino Uno; probably speaks lines of text',
      source: '/dev/serial/by-id/usb-Arduino__www.arduino.cc__0043_75630313536351F0E191-if00',
      why: 'serial number 75630313536351F0E191; a serial port is not opened unasked: opening it restarts some boards',
    });
    expect(seen[1]).toMatchObject({ group: 'serial', code: 'HB102', fix: 'sudo usermod -aG dialout $USER' });
  });

  it('leave a device with a port to the serial agent, and hubs out', async () => {
    expect(await linesOf('usb', 'pi4')).toEqual([
      'usb: X10 Wireless Technology Inc USB Transceiver, X10 radio transceiver CM19A',
      'usb: Logitech USB Keyboard (keyboard, mouse or another human interface)',
    ]);
    expect(await linesOf('usb', 'pi5')).toEqual([]);
  });

  it('find the USB device above a ttyUSB port', async () => {
    const { seen } = await ask('serial', treePorts('pi5'));
    expect(seen.find(({ group }) => group === 'usb')?.what).toContain('/dev/ttyUSB0 ITead Sonoff Zigbee 3.0');
  });

  it('say which module an adapter without a port needs', async () => {
    const { seen } = await ask('usb', treePorts('pi3'));
    expect(seen.map(({ fix }) => fix)).toEqual([undefined, 'sudo modprobe ch341']);
  });

  it('leave out the ports of a PC that have no chip', async () => {
    expect(await linesOf('serial', 'x86-laptop')).toEqual(['serial: /dev/ttyS0 serial port']);
  });

  it('say when the kernel uses a port as its console', async () => {
    const ports = treePorts('pi3');
    ports.files.set('/proc/cmdline', 'console=ttyS0,115200 root=/dev/mmcblk0p2');
    expect((await ask('serial', ports)).seen[0]?.why).toBe('the kernel writes its console to it');
  });

  it('show nothing of a device that is pulled out', async () => {
    const ports = treePorts('pi4');
    for (const link of ['/sys/class/tty/ttyACM0', '/sys/bus/usb/devices/1-1.2', '/dev/serial/by-id'])
      ports.files.remove(link);
    expect(JSON.stringify([await ask('serial', ports), await ask('usb', ports)])).not.toContain('Arduino');
  });
});

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

describe('pwm agent', () => {
  it('counts channels and drives none', async () => {
    expect(await linesOf('pwm', 'pi4')).toEqual(['pwm: 2 channels of platform/soc/fe20c000.pwm']);
    expect((await ask('pwm', treePorts('pi4'))).seen[0]?.why).toMatch(/^1 in use/);
  });
});
