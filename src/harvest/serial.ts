import { attribute } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { type UsbDevice, usbDevice } from './usb-devices.ts';

const CLASS = '/sys/class/tty';
const BY_ID = '/dev/serial/by-id';

export const agent: Agent = {
  name: 'serial',
  summary: 'Serial ports: USB adapters, boards, the UARTs of the header.',
  hotPlug: true,
  async interrogate({ ports: { files } }) {
    const ids = await stableNames(files);
    const consoles = (await attribute(files, '/proc/cmdline')) ?? '';
    const seen: Seen[] = [];
    for (const port of await files.list(CLASS)) {
      if (!/^tty(?:USB|ACM|AMA|S|THS|O|mxc|SAC)\d+$/.test(port)) continue;
      const report = await seenOf(files, { port, id: ids.get(`/dev/${port}`), consoles });
      if (report !== undefined) seen.push(report);
    }
    return { found: [], seen };
  },
};

/** `/dev/ttyACM0` to the name that stays when it is plugged in elsewhere. */
async function stableNames(files: FilesPort): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const name of await files.list(BY_ID)) {
    const device = await files.link(`${BY_ID}/${name}`);
    if (device !== undefined) names.set(device, `${BY_ID}/${name}`);
  }
  return names;
}

interface Port {
  readonly port: string;
  readonly id: string | undefined;
  readonly consoles: string;
}

async function seenOf(files: FilesPort, { port, id, consoles }: Port): Promise<Seen | undefined> {
  const real = await files.link(`${CLASS}/${port}/device`);
  // A PC announces 32 ports, nearly all of them without a chip: type 0.
  const isEmpty = (await attribute(files, `${CLASS}/${port}/type`)) === '0';
  if (real === undefined || isEmpty) return undefined;
  const device = await usbAbove(files, real);
  const path = `/dev/${port}`;
  const report = { group: device === undefined ? 'serial' : 'usb', source: id ?? `${CLASS}/${port}` };
  const what = device === undefined ? `${path} serial port` : `${path} ${device.what}${habit(device)}`;
  if (new RegExp(`console=${port}\\b`).test(consoles)) {
    return { ...report, what, why: 'the kernel writes its console to it' };
  }
  if ((await files.exists(path)) && !(await files.readable(path))) {
    const fix = 'sudo usermod -aG dialout $USER';
    return { ...report, what, why: 'this user may not open it: the group dialout may', fix, code: 'HB102' };
  }
  const serial = device?.serial === undefined ? '' : `serial number ${device.serial}; `;
  return { ...report, what, why: `${serial}a serial port is not opened unasked: opening it restarts some boards` };
}

async function usbAbove(files: FilesPort, real: string): Promise<UsbDevice | undefined> {
  for (let folder = real; folder.startsWith('/sys/devices/'); folder = folder.slice(0, folder.lastIndexOf('/'))) {
    const device = await usbDevice(files, folder);
    if (device !== undefined) return device;
  }
  return undefined;
}

function habit({ what }: UsbDevice): string {
  return /Arduino|Pico|ESP|Teensy|Adafruit/i.test(what) ? '; probably speaks lines of text' : '';
}
