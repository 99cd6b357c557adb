import type { GpioChip, GpioLine, GpioPort } from '../../src/drivers/ports/ports.ts';
import { Unavailable, type UnavailableFacts } from '../../src/kit/errors.ts';

/** A GPIO port with these chips; any other does not open, for the reason in `refusal`. */
export function makeFakeGpio(chips: readonly GpioChip[], refusal: UnavailableFacts = {}): GpioPort {
  return {
    chip: async (device) => {
      const chip = chips.find((one) => one.device === device);
      if (chip === undefined) throw new Unavailable(`this user may not open /dev/${device}`, refusal);
      return chip;
    },
    request: async ({ line }) => {
      throw new Unavailable(`${line} is not to be requested here`);
    },
  };
}

/** A chip whose lines are free but for those in `used`: offset to consumer. */
export function gpioChip(
  device: string,
  label: string,
  { count, used = {} }: { readonly count: number; readonly used?: Readonly<Record<number, string>> },
): GpioChip {
  const line = (offset: number): GpioLine => {
    const consumer = used[offset];
    return { offset, name: `GPIO${offset}`, consumer: consumer ?? '', used: consumer !== undefined, direction: 'in' };
  };
  return { device, label, lines: Array.from({ length: count }, (_, offset) => line(offset)) };
}
