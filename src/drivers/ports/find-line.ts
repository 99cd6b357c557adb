import { OptionsError, Unavailable } from '../../kit/errors.ts';
import type { GpioChip, GpioChipsPort } from './ports.ts';

/** Chips with the 40 pins of a Raspberry Pi: there `gpio17` is line 17, whatever name the kernel gives it. */
const HEADER_CHIPS = /^pinctrl-(?:bcm2835|bcm2711|rp1)$/;

/** A line, found by what a person calls it. */
export interface FoundLine {
  readonly device: string;
  readonly offset: number;
  readonly direction: 'in' | 'out';
  readonly consumer: string;
}

/**
 * Finds `gpio17`: line 17 of the chip of the 40 pins, else the line that the kernel calls so; and `gpiochip1:5`, by chip
 * and offset. Throws OptionsError when no chip has it, Unavailable when
 * no chip can be asked.
 */
export async function findLine(chips: GpioChipsPort, devices: readonly string[], line: string): Promise<FoundLine> {
  const [, device, offset] = /^(gpiochip\d+):(\d+)$/.exec(line) ?? [];
  if (device !== undefined) return lineOf(await chips.chip(device), Number(offset), line);
  const names = devices.filter((name) => /^gpiochip\d+$/.test(name)).toSorted();
  const { open, refusal } = await openChips(chips, names);
  const with40Pins = open.filter(({ label }) => HEADER_CHIPS.test(label));
  for (const chip of [...with40Pins, ...open]) {
    const at = offsetIn(chip, line);
    if (at !== undefined) return lineOf(chip, at, line);
  }
  if (refusal !== undefined) throw refusal;
  // Modules of the kernel may load late, and chips on USB come and go.
  if (names.length === 0) throw new Unavailable(`there is no ${line}: no GPIO chip is here`);
  throw new OptionsError(`there is no ${line}: no chip has a line ${line}`, { fix: 'hanbus scan' });
}

/** The chips that can be asked, and why one cannot. */
async function openChips(chips: GpioChipsPort, names: readonly string[]) {
  const open: GpioChip[] = [];
  let refusal: Unavailable | undefined;
  for (const name of names) {
    try {
      open.push(await chips.chip(name));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      refusal = error;
    }
  }
  return { open, refusal };
}

function offsetIn({ label, lines }: GpioChip, line: string): number | undefined {
  const wanted = line.toLowerCase();
  const number = /^gpio(\d+)$/.exec(wanted)?.[1];
  const isThere = number !== undefined && lines.some(({ offset }) => offset === Number(number));
  if (isThere && HEADER_CHIPS.test(label)) return Number(number);
  return lines.find(({ name }) => name.toLowerCase() === wanted)?.offset;
}

function lineOf({ device, label, lines }: GpioChip, offset: number, line: string): FoundLine {
  const found = lines.find((one) => one.offset === offset);
  if (found === undefined) {
    throw new OptionsError(`there is no ${line}: ${device} (${label}) has lines 0 to ${lines.length - 1}`);
  }
  return { device, offset, direction: found.direction, consumer: found.consumer };
}
