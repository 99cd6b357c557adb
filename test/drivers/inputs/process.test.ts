import { beforeEach, describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/process.ts';
import { openInput, readTwice } from '../../contracts/input-driver.ts';
import { boardNames } from '../../fakes/tree-format.ts';
import { type TreePorts, treePorts } from '../../fakes/tree-ports.ts';

const never = new AbortController().signal;
const stat = (pid: number, name: string, cpu: readonly [user: number, system: number], start: number) =>
  `${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 ${cpu.join(' ')} 0 0 20 0 1 0 ${start} 17203200 900 0 0 0\n`;

describe('process', () => {
  let ports: TreePorts;
  const put = (pid: number, name: string, cpu: readonly [number, number], start = 100) => {
    ports.files.set(`/proc/${pid}/comm`, `${name}\n`);
    ports.files.set(`/proc/${pid}/stat`, stat(pid, name, cpu, start));
    ports.files.set(`/proc/${pid}/status`, `Name:\t${name}\nVmRSS:\t    2500 kB\n`);
  };
  beforeEach(() => {
    ports = treePorts('pi4');
    ports.files.set('/proc/uptime', '100.00 1.00');
  });

  test('counts the processes of a name, adds their memory and measures their use', async () => {
    put(900, 'camera', [100, 50]);
    put(901, 'camera', [10, 0]);
    const camera = await openInput(driver, { name: 'camera' }, ports);
    expect(await camera.read?.(never)).toEqual({ running: true, count: 2, memory: 5.1 });
    put(900, 'camera', [300, 150]);
    put(901, 'camera', [110, 0]);
    ports.files.set('/proc/uptime', '110.00 1.00');
    expect(await camera.read?.(never)).toEqual({ running: true, count: 2, memory: 5.1, cpu: 40 });
  });

  test('a process that ends is not running; one with its number later is another one', async () => {
    put(900, 'camera', [100_000, 0]);
    const camera = await openInput(driver, { name: 'camera' }, ports);
    await camera.read?.(never);
    ports.files.remove('/proc/900');
    ports.files.set('/proc/uptime', '110.00 1.00');
    expect(await camera.read?.(never)).toEqual({ running: false, count: 0, cpu: 0, memory: 0 });
    put(900, 'camera', [100_500, 0], 11_000);
    ports.files.set('/proc/uptime', '120.00 1.00');
    expect(await camera.read?.(never)).not.toHaveProperty('cpu');
  });

  test('brackets and spaces in a name do not confuse', async () => {
    put(900, 'a) S 1 (b', [1, 1]);
    const odd = await openInput(driver, { name: 'a) S 1 (b' }, ports);
    expect(await odd.read?.(never)).toMatchObject({ running: true, count: 1 });
  });

  test('a long name is found by the part that the kernel keeps', async () => {
    put(900, 'zigbee2mqtt-bri', [1, 1]);
    const long = await openInput(driver, { name: 'zigbee2mqtt-bridge' }, ports);
    expect(await long.read?.(never)).toMatchObject({ count: 1 });
  });

  test('a zombie does not run', async () => {
    put(900, 'camera', [1, 1]);
    ports.files.set('/proc/900/stat', stat(900, 'camera', [1, 1], 5).replace(') S', ') Z'));
    const camera = await openInput(driver, { name: 'camera' }, ports);
    expect(await camera.read?.(never)).toMatchObject({ running: false, count: 0 });
  });

  test('is found by its pid file, and gone with it', async () => {
    put(900, 'camera', [1, 1]);
    ports.files.set('/run/camera.pid', '900\n');
    const camera = await openInput(driver, { pid_file: '/run/camera.pid' }, ports);
    expect(await camera.read?.(never)).toMatchObject({ running: true, count: 1 });
    ports.files.set('/run/camera.pid', '../../etc/passwd\n');
    expect(await camera.read?.(never)).toMatchObject({ running: false });
    ports.files.remove('/run/camera.pid');
    expect(await camera.read?.(never)).toMatchObject({ running: false });
  });

  test.each([{}, { name: 'a', pid_file: '/run/a.pid' }, { pid_file: 'run/a.pid' }])('refuses %j', async (options) => {
    await expect(openInput(driver, options, ports)).rejects.toMatchObject({ name: 'OptionsError' });
  });

  test.each(boardNames())('tells no lie on %s', async (board) => {
    for (const name of ['systemd', 'python3', 'nosuch', 'a) (b', ''])
      await readTwice(driver, { name }, treePorts(board));
  });
});
