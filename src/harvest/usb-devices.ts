import { labelAttribute } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import { knownUsb } from './usb-known.ts';

export interface UsbDevice {
  readonly folder: string;
  /** `1-1.2`: the socket. */
  readonly socket: string;
  /** `1a86:7523`. */
  readonly id: string;
  /** As the device says it, or by the list of known devices, or its numbers. */
  readonly what: string;
  readonly serial: string | undefined;
}

/** One device by its folder in /sys; undefined when it does not tell its numbers. */
export async function usbDevice(files: FilesPort, folder: string): Promise<UsbDevice | undefined> {
  const of = async (name: string) => await labelAttribute(files, `${folder}/${name}`);
  const vendor = await of('idVendor');
  const product = await of('idProduct');
  if (vendor === undefined || product === undefined) return undefined;
  const known = knownUsb(vendor, product);
  const own = [await of('manufacturer'), await of('product')].filter((word) => word !== undefined).join(' ');
  const id = `${vendor}:${product}`;
  return {
    folder,
    id,
    socket: folder.slice(folder.lastIndexOf('/') + 1),
    what: [...new Set([own, known ?? ''])].filter((word) => word !== '').join(', ') || `USB device ${id}`,
    serial: await of('serial'),
  };
}
