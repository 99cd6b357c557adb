import { closeSync, openSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHIP_INFO_BYTES, GPIO_GET_CHIPINFO } from '../../../src/drivers/ports/gpio-structs.ts';
import { loadIoctl } from '../../../src/drivers/ports/ioctl.ts';

const ENOTTY = 25;

describe('ioctl of this machine', () => {
  it('fills the bytes it is given, in the middle of a buffer too', async () => {
    const ioctl = await loadIoctl();
    const FIONREAD = 0x541b;
    const path = new URL(import.meta.url).pathname;
    const fd = openSync(path, 'r');
    const wide = new Uint8Array(16);
    try {
      expect(ioctl(fd, FIONREAD, wide.subarray(4, 8))).toBe(0);
    } finally {
      closeSync(fd);
    }
    expect(new DataView(wide.buffer).getUint32(4, true)).toBe(readFileSync(path).length);
    expect([...wide.subarray(0, 4), ...wide.subarray(8)].every((byte) => byte === 0)).toBe(true);
  });

  it('gives the error number of the system', async () => {
    const ioctl = await loadIoctl();
    const fd = openSync('/dev/null', 'r');
    try {
      expect(ioctl(fd, GPIO_GET_CHIPINFO, new Uint8Array(CHIP_INFO_BYTES))).toBe(ENOTTY);
    } finally {
      closeSync(fd);
    }
  });
});
