import { attribute } from '../drivers/parse/attribute.ts';
import { lookUp } from '../drivers/parse/look-up.ts';
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
      const folder = `${BUS}/${socket}`;
      const isHub = (await attribute(files, `${folder}/bDeviceClass`)) === HUB;
      const device = isHub ? undefined : await usbDevice(files, folder);
      if (isHub || device !== undefined) known.add(folder);
      const report = device === undefined ? undefined : await seenOf(files, device);
      if (report !== undefined) seen.push(report);
    }
    const question = { group: 'usb', folder: BUS, entry: SOCKET, file: 'idVendor', known };
    return { found: [], seen: [...seen, ...(await unread(files, question))] };
  },
};

/** Nothing for a device with a serial port: the serial agent reports that. */
async function seenOf(files: FilesPort, device: UsbDevice): Promise<Seen | undefined> {
  const interfaces = await interfacesOf(files, device);
  if (interfaces.some(({ hasPort }) => hasPort)) return undefined;
  const words = [...new Set(interfaces.map(({ word }) => word))].filter((word) => word !== undefined).sort();
  const { id, folder, serial } = device;
  const report = { group: 'usb', what: words.length === 0 ? device.what : `${device.what} (${words.join('; ')})` };
  const module = MODULES[id.slice(0, 4)];
  if (module !== undefined && words.length === 0) {
    const why = `${id}: the kernel module ${module} has not taken it, so it has no serial port`;
    return { ...report, source: folder, why, fix: `sudo modprobe ${module}` };
  }
  const mark = serial === undefined ? id : `${id}, serial number ${serial}`;
  return { ...report, source: folder, why: `${mark}: nothing that this version reads` };
}

interface Interface {
  /** What it is for, when the USB standard has a class for it. */
  readonly word: string | undefined;
  readonly hasPort: boolean;
}

async function interfacesOf(files: FilesPort, { folder, socket }: UsbDevice): Promise<readonly Interface[]> {
  const names = (await files.list(folder)).filter((name) => name.startsWith(`${socket}:`));
  return await Promise.all(
    names.map(async (name) => {
      const inside = await files.list(`${folder}/${name}`);
      return {
        word: lookUp(USB_CLASSES, (await attribute(files, `${folder}/${name}/bInterfaceClass`)) ?? ''),
        hasPort: inside.some((entry) => entry === 'tty' || /^ttyUSB\d+$/.test(entry)),
      };
    }),
  );
}
