import { beforeEach, describe, expect, test } from 'vitest';
import type { OpenInput } from '../../../src/drivers/driver.ts';
import { driver } from '../../../src/drivers/inputs/network.ts';
import { inTime, openInput, readTwice } from '../../contracts/input-driver.ts';
import { treeFiles } from '../../fakes/tree.ts';
import { boardNames } from '../../fakes/tree-format.ts';
import { type TreePorts, treePorts } from '../../fakes/tree-ports.ts';

const never = new AbortController().signal;
const traffic = (received: number, sent: number, errors = 0) =>
  `head\nhead\nwlan0: ${received} 10 ${errors} 0 0 0 0 0 ${sent} 9 1 0 0 0 0 0\n  eth0:5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n`;

describe('network', () => {
  let ports: TreePorts;
  let wlan: OpenInput<string>;
  const at = async (seconds: number, text: string) => {
    ports.files.set('/proc/self/net/dev', text);
    ports.files.set('/proc/uptime', `${seconds}.00 1.00`);
    return (await wlan.read?.(never)) ?? {};
  };
  beforeEach(async () => {
    ports = treePorts('pi-zero-2w');
    wlan = await openInput(driver, { interface: 'wlan0' }, ports);
  });

  test('reads connection, errors, address and signal; rates from the second read on', async () => {
    const first = { link: true, errors: 3, address: '192.168.1.60', signal: -61, link_quality: 70 };
    expect(await at(100, traffic(1_000_000, 500_000, 2))).toEqual(first);
    expect(await at(110, traffic(1_250_000, 501_000, 2))).toEqual({ ...first, receive_rate: 25, send_rate: 0.1 });
  });

  test('a counter that wraps or starts again makes no negative rate', async () => {
    await at(100, traffic(4_294_967_000, 500));
    const after = await at(110, traffic(200, 1_500));
    expect(after).not.toHaveProperty('receive_rate');
    expect(after).toMatchObject({ send_rate: 0.1 });
    expect(await at(120, traffic(10_200, 1_500))).toMatchObject({ receive_rate: 1, send_rate: 0 });
  });

  test('two reads in the same instant make no rate', async () => {
    await at(100, traffic(1, 1));
    expect(await at(100, traffic(900, 900))).not.toHaveProperty('receive_rate');
  });

  test('an interface that is pulled is Unavailable, and reads on when it is back', async () => {
    await at(100, traffic(1, 1));
    const place = await ports.files.link('/sys/class/net/wlan0');
    ports.files.remove('/sys/class/net/wlan0');
    await expect(wlan.read?.(never)).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'the network interface wlan0 is not there',
    });
    ports.files.point('/sys/class/net/wlan0', place ?? '');
    expect(await at(110, traffic(2, 2))).toMatchObject({ link: true });
  });

  test('a lost access point: no link, no signal', async () => {
    ports.files.set('/sys/class/net/wlan0/carrier', '0\n');
    ports.files.set('/proc/self/net/wireless', 'head\nhead\n');
    const now = await at(100, traffic(1, 1));
    expect(now).toMatchObject({ link: false });
    expect(now).not.toHaveProperty('signal');
  });

  test('old drivers give the signal as an unsigned byte', async () => {
    ports.files.set('/proc/self/net/wireless', 'head\nhead\n wlan0: 0000   35.  195.  256  0 0 0 0 0 0\n');
    expect(await at(100, traffic(1, 1))).toMatchObject({ signal: -61, link_quality: 50 });
  });

  test('a cable has no signal; when it is switched off there is no link', async () => {
    const eth = await openInput(driver, { interface: 'enp0s31f6' }, treePorts('x86-laptop'));
    expect(Object.keys(eth.points ?? {})).toEqual(['link', 'receive_rate', 'send_rate', 'errors', 'address']);
    expect(await eth.read?.(never)).toMatchObject({ link: false, address: '' });
    const wifi = await openInput(driver, { interface: 'wlan0' }, treePorts('pi5'));
    expect(await wifi.read?.(never)).toMatchObject({ link: false });
  });

  test('a card that fails to tell is not called unplugged', async () => {
    ports.files.fail('/sys/class/net/wlan0/carrier', 'EIO');
    expect(await at(100, traffic(1, 1))).not.toHaveProperty('link');
  });

  test('cable and Wi-Fi in one subnet: whose address it is cannot be told, so it is left out', async () => {
    const eth = await openInput(driver, { interface: 'eth0' }, treePorts('pi4'));
    expect(await eth.read?.(never)).not.toHaveProperty('address');
  });

  test('a bridge works on request', async () => {
    const bridge = await openInput(driver, { interface: 'docker0' }, treePorts('x86-laptop'));
    expect(await bridge.read?.(never)).toEqual({ address: '' });
  });

  test.each(['nosuch0', '../eth0', '..'])('%s is not there', async (name) => {
    await expect(openInput(driver, { interface: name }, ports)).rejects.toMatchObject({ name: 'Unavailable' });
  });

  test('a card that hangs ends at the deadline', async () => {
    const sick = await openInput(driver, { interface: 'wlan0' }, treePorts('hostile'));
    await expect(inTime(async (signal) => await sick.read?.(signal))).rejects.toThrow(/no answer within/);
  });

  test('a read asks few files', async () => {
    const before = ports.files.asked.length;
    await wlan.read?.(never);
    expect(ports.files.asked.length - before).toBeLessThanOrEqual(7);
  });

  test.each(boardNames())('tells no lie about any interface of %s', async (board) => {
    for (const name of await treeFiles(board).list('/sys/class/net')) {
      await readTwice(driver, { interface: name }, treePorts(board));
    }
  });
});
