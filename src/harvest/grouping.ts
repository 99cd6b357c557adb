import type { Found } from '../schemes/found.ts';
import { freeName } from '../schemes/names.ts';

/** The group of a device by its place: `i2c-1`, `spi0`, `usb`, `1-wire`; everything soldered on is `board`. */
export function groupOf(place: string | undefined): string {
  if (place === undefined) return 'board';
  const bus = /^(i2c-\d+):/.exec(place)?.[1] ?? /^(spi\d+)\./.exec(place)?.[1];
  if (bus !== undefined) return bus;
  if (place.startsWith('usb/')) return 'usb';
  return place.startsWith('1wire:') ? '1-wire' : 'board';
}

/** The same devices in the order of their places, each with a name of its own: the order of finding does not matter. */
export function named(found: readonly Found[]): readonly Found[] {
  const taken = new Set<string>();
  const inOrder = [...found].sort((a, b) => (a.at < b.at ? -1 : 1));
  return inOrder.map((device) => {
    const name = freeName(device.name, (wanted) => taken.has(wanted));
    taken.add(name);
    return { ...device, name };
  });
}

/** In the order that people expect: `disk`, `disk_boot`, `disk_photos`. */
export function byName(found: readonly Found[]): readonly Found[] {
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}
