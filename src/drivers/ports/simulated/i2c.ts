import { type Clock, sleep } from '../../../kit/clock.ts';
import { withDeadline } from '../../../kit/deadline.ts';
import { Unavailable } from '../../../kit/errors.ts';
import { transferError } from '../i2c.ts';
import type { I2cPlace, I2cPort } from '../i2c-bus.ts';

/** A chip as the bus sees it. */
export interface ChipModel {
  /** The bytes of one write, the register first. */
  write(bytes: readonly number[]): void;
  /** The next bytes of a read. */
  read(count: number): Uint8Array;
}

/** `nack`: it does not answer; `hang`: it holds the clock; `garbage`: every bit reads 1; `busy`: another program has it. */
export type I2cFault = 'busy' | 'garbage' | 'hang' | 'nack';

export interface SimulatedI2c extends I2cPort {
  /** Puts a chip on a bus, which begins to be there. */
  put(place: I2cPlace, chip: ChipModel): void;
  remove(place: I2cPlace): void;
  /** Undefined: it is well again. */
  fault(place: I2cPlace, fault: I2cFault | undefined): void;
}

const DEADLINE_MS = 2_000;

export function makeSimulatedI2c(clock: Clock, known: readonly string[] = ['i2c-1']): SimulatedI2c {
  const buses = new Set(known);
  const chips = new Map<string, ChipModel>();
  const faults = new Map<string, I2cFault>();
  const keyOf = ({ bus, address }: I2cPlace) => `${bus}:${address}`;
  const transfer = async (place: I2cPlace, bytes: readonly number[], count: number): Promise<Uint8Array> => {
    const chip = chips.get(keyOf(place));
    const fault = chip === undefined ? 'nack' : faults.get(keyOf(place));
    if (fault === 'hang') return await hang(clock, place);
    if (chip === undefined || fault === 'nack') throw transferError(place, 'EREMOTEIO');
    if (fault === 'busy') throw transferError(place, 'EBUSY');
    return ask(chip, bytes, fault === 'garbage' ? -count : count);
  };
  return {
    buses: async () => [...buses].toSorted(),
    open: async (place) => {
      if (!buses.has(place.bus))
        throw new Unavailable(`cannot open /dev/${place.bus}: it is not there`, { code: 'HB101' });
      let isClosed = false;
      return {
        transfer: async (bytes, count = 0, signal) => {
          signal?.throwIfAborted();
          if (isClosed) throw new Unavailable('the device was closed');
          return await transfer(place, bytes, count);
        },
        wait: async (ms, signal) => await sleep(clock, ms, signal),
        close: async () => {
          isClosed = true;
        },
      };
    },
    put: (place, chip) => {
      buses.add(place.bus);
      chips.set(keyOf(place), chip);
    },
    remove: (place) => void chips.delete(keyOf(place)),
    fault: (place, fault) => {
      if (fault === undefined) faults.delete(keyOf(place));
      else faults.set(keyOf(place), fault);
    },
  };
}

/** A negative count: so many bytes, and every bit reads 1. */
function ask(chip: ChipModel, bytes: readonly number[], count: number): Uint8Array {
  if (bytes.length > 0) chip.write(bytes);
  if (count === 0) return new Uint8Array();
  const read = chip.read(Math.abs(count));
  return count < 0 ? read.fill(0xff) : read;
}

/** The kernel gives up a bus that hangs. */
async function hang(clock: Clock, place: I2cPlace): Promise<never> {
  return await withDeadline(clock, DEADLINE_MS, () => new Promise<never>(() => undefined)).catch(() => {
    throw transferError(place, 'ETIMEDOUT');
  });
}
