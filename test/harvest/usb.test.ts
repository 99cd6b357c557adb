import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

const linesOf = async (agent: string, board: string) =>
  (await ask(agent, treePorts(board))).seen.map(({ group, what }) => `${group}: ${what}`);

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
