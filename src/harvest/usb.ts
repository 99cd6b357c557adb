import { attribute } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { unread } from './unread.ts';
import { type UsbDevice, usbDevice } from './usb-devices.ts';
import { USB_CLASSES } from './usb-known.ts';

const BUS = '/sys/bus/usb/devices';
const HUB = '09';
const SOCKET = /^\d+-\d+(?:\.\d+)*$/;

/** Kernel modules for adapters that are useless without. */
const MODULES: Readonly<Record<string, string>> = {
  '0403': 'ftdi_sio',
  '067b': 'pl2303',
  '10c4': 'cp210x',
  '1a86': 'ch341',
};

export const agent: Agent = {
  name: 'usb',
  summary: 'USB devices that are not claimed elsewhere, and what they probably are.',
  hotPlug: true,
  async interrogate({ ports: { files } }) {
    const seen: Seen[] = [];
    const known = new Set<string>();
    for (const socket of (await files.list(BUS)).filter((name) => SOCKET.test(name))) {
      const device = await usbDevice(files, `${BUS}/${socket}`);
      if (device === undefined) continue;
      known.add(device.folder);
      const report = device.deviceClass === HUB ? undefined : await seenOf(files, device);
      if (report !== undefined) seen.push(report);
    }
    const question = { group: 'usb', folder: BUS, entry: SOCKET, file: 'idVendor', known };
    return { found: [], seen: [...seen, ...(await unread(files, question))] };
  },
};

/** Nothing for a device with a serial port: the serial agent reports that. */
async function seenOf(files: FilesPort, device: UsbDevice): Promise<Seen | undefined> {
  const classes = new Set<string>();
  for (const entry of await files.list(device.folder)) {
    if (!entry.startsWith(`${device.socket}:`)) continue;
    const folder = `${device.folder}/${entry}`;
    if ((await files.list(folder)).some((name) => /^tty(?:USB\d|ACM\d|$)/.test(name))) return undefined;
    const word = USB_CLASSES[(await attribute(files, `${folder}/bInterfaceClass`)) ?? ''];
    if (word !== undefined) classes.add(word);
  }
  const { id, folder, serial } = device;
  const module = MODULES[id.slice(0, 4)];
  const isIdle = module !== undefined && classes.size === 0;
  const words = classes.size === 0 ? '' : ` (${[...classes].sort().join('; ')})`;
  return {
    group: 'usb',
    what: `${device.what}${words}`,
    source: folder,
    why: isIdle
      ? `${id}: the kernel module ${module} has not taken it, so it has no serial port`
      : `${id}${serial === undefined ? '' : `, serial number ${serial}`}: nothing that this version reads`,
    ...(isIdle ? { fix: `sudo modprobe ${module}` } : {}),
  };
}
