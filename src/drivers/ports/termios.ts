/** Requests and structure of a terminal. Source: include/uapi/asm-generic/termbits.h, the same on x86, ARM and RISC-V. */
export const TCGETS2 = 0x802c542a;
export const TCSETS2 = 0x402c542b;
/** From now on nobody else can open it. */
export const TIOCEXCL = 0x540c;
/** u32 iflag, oflag, cflag, lflag; u8 line; u8 cc[19]; u32 ispeed, ospeed. */
export const TERMIOS_BYTES = 44;

const CC_AT = 17;
const VTIME = 5;
const VMIN = 6;
const FLAG = {
  /** CBAUD and CIBAUD: the speed by number. */
  speeds: 0o010017 | (0o010017 << 16),
  /** BOTHER: the speed is in the fields at the end. */
  other: 0o010000,
  /** CSIZE, CSTOPB, PARENB, CRTSCTS. */
  frame: 0o000060 | 0o000100 | 0o000400 | 0o020000000000,
  /** CS8, CREAD, CLOCAL: eight bits, reads, no carrier needed. */
  plain: 0o000060 | 0o000200 | 0o004000,
} as const;

/** Makes a port raw at this speed: bytes pass unchanged, no echo, no flow control, no wait for a carrier. */
export function makeRaw(termios: Uint8Array, baud: number): Uint8Array {
  const bytes = termios.slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0, true);
  view.setUint32(4, 0, true);
  const control = view.getUint32(8, true) & ~(FLAG.speeds | FLAG.frame);
  view.setUint32(8, (control | FLAG.other | (FLAG.other << 16) | FLAG.plain) >>> 0, true);
  view.setUint32(12, 0, true);
  bytes[CC_AT + VTIME] = 0;
  bytes[CC_AT + VMIN] = 1;
  view.setUint32(36, baud, true);
  view.setUint32(40, baud, true);
  return bytes;
}
