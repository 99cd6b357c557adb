import { describe, expect, it } from 'vitest';
import {
  CHIP_INFO_BYTES,
  GPIO_GET_CHIPINFO,
  GPIO_V2_GET_LINEINFO,
  LINE_INFO_BYTES,
  lineInfoRequest,
  parseChipInfo,
  parseLineInfo,
} from '../../../src/drivers/ports/gpio-structs.ts';
import { bytesOf, chipBytes, freeLine, fullLine, usedLine } from './gpio-bytes.ts';

describe('structures of the GPIO character device', () => {
  it('have the numbers and sizes of the kernel', () => {
    expect([GPIO_GET_CHIPINFO, GPIO_V2_GET_LINEINFO]).toEqual([0x8044b401, 0xc100b405]);
    // The size stands in bits 16 to 29 of the request.
    expect((GPIO_GET_CHIPINFO >>> 16) & 0x3fff).toBe(CHIP_INFO_BYTES);
    expect((GPIO_V2_GET_LINEINFO >>> 16) & 0x3fff).toBe(LINE_INFO_BYTES);
  });

  it('decode a chip', () => {
    const chip = parseChipInfo(bytesOf(chipBytes, CHIP_INFO_BYTES));
    expect(chip).toEqual({ name: 'gpiochip0', label: 'pinctrl-bcm2711', lines: 58 });
  });

  it('decode a free input', () => {
    const line = parseLineInfo(bytesOf(freeLine, LINE_INFO_BYTES));
    expect(line).toEqual({ offset: 17, name: 'GPIO17', consumer: '', used: false, direction: 'in' });
  });

  it('decode a used output with attributes behind it', () => {
    const line = parseLineInfo(bytesOf(usedLine, LINE_INFO_BYTES));
    expect(line).toEqual({ offset: 4, name: 'GPIO4', consumer: 'onewire@4', used: true, direction: 'out' });
  });

  it('end a name that fills its field at the end of the field', () => {
    const line = parseLineInfo(bytesOf(fullLine, LINE_INFO_BYTES));
    expect(line).toMatchObject({ offset: 63, name: 'N'.repeat(32), consumer: 'C'.repeat(32) });
  });

  it('read bytes in the middle of a buffer', () => {
    const wide = new Uint8Array(LINE_INFO_BYTES + 8);
    wide.set(bytesOf(usedLine, LINE_INFO_BYTES), 8);
    expect(parseLineInfo(wide.subarray(8)).offset).toBe(4);
  });

  it('ask for one line', () => {
    const bytes = lineInfoRequest(300);
    expect([bytes.length, bytes[64], bytes[65]]).toEqual([LINE_INFO_BYTES, 300 & 255, 1]);
  });
});
