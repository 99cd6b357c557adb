import { describe, expect, it } from 'vitest';
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
