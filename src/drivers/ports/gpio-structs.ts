import type { GpioLine } from './ports.ts';

/**
 * Requests and structures of the GPIO character device, uAPI v2: include/uapi/linux/gpio.h. The layout is the same on
 * 32-bit and 64-bit machines; numbers are in the order of the machine, little-endian on every board we know.
 */
export const GPIO_GET_CHIPINFO = 0x8044b401;
export const GPIO_V2_GET_LINEINFO = 0xc100b405;

/** char name[32], char label[32], u32 lines. */
export const CHIP_INFO_BYTES = 68;
/** char name[32], char consumer[32], u32 offset, u32 num_attrs, u64 flags, attrs, padding. */
export const LINE_INFO_BYTES = 256;

const NAME_BYTES = 32;
const FLAG_USED = 1;
const FLAG_OUTPUT = 8;

export interface ChipInfo {
  readonly name: string;
  readonly label: string;
  readonly lines: number;
}

export function parseChipInfo(bytes: Uint8Array): ChipInfo {
  return { name: textAt(bytes, 0), label: textAt(bytes, NAME_BYTES), lines: viewOf(bytes).getUint32(64, true) };
}

/** The question about one line. */
export function lineInfoRequest(offset: number): Uint8Array {
  const bytes = new Uint8Array(LINE_INFO_BYTES);
  viewOf(bytes).setUint32(64, offset, true);
  return bytes;
}

export function parseLineInfo(bytes: Uint8Array): GpioLine {
  const view = viewOf(bytes);
  // Every flag that is read here is in the lower half of the u64.
  const flags = view.getUint32(72, true);
  return {
    offset: view.getUint32(64, true),
    name: textAt(bytes, 0),
    consumer: textAt(bytes, NAME_BYTES),
    used: (flags & FLAG_USED) !== 0,
    direction: (flags & FLAG_OUTPUT) === 0 ? 'in' : 'out',
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Text up to the first NUL. */
function textAt(bytes: Uint8Array, start: number): string {
  const field = bytes.subarray(start, start + NAME_BYTES);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}
