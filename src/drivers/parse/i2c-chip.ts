import { HanbusError, OptionsError, Unavailable } from '../../kit/errors.ts';
import type { I2cDevice, I2cPlace, I2cPort } from '../ports/i2c-bus.ts';

export type Chip = I2cDevice;

export interface ChipSearch {
  readonly kind: string;
  /** `i2c-1:0x76`; without it the kind's own addresses are tried. */
  readonly at: string | undefined;
  /** The addresses that the chip can have. */
  readonly addresses: readonly number[];
  /**
   * Whether the chip that answers there is the right one, by reading what tells without changing anything. It may throw
   * OptionsError when it knows what it is instead.
   */
  isIt(chip: Chip): Promise<boolean>;
  /** False: the chip has no id, so at a place that a person wrote any answer will do. */
  readonly hasId: boolean;
}

/** The bus on pins 3 and 5 of a Raspberry Pi. */
const HEADER = 'i2c-1';

/**
 * Opens a chip at its place. Without a place it is looked for at its own addresses of the bus i2c-1, or of the only bus:
 * a person said that it is there, so asking is safe. Throws OptionsError when the place is none or two fit, Unavailable
 * (HB105) when no such chip answers.
 */
export async function openChip(i2c: I2cPort, search: ChipSearch): Promise<I2cDevice> {
  if (search.at === undefined) return await findChip(i2c, search);
  const place = parsePlace(search.at);
  const chip = await i2c.open(place);
  try {
    if ((await search.isIt(chip)) || !search.hasId) return chip;
    throw new Unavailable(`what answers at ${search.at} is no ${search.kind}`);
  } catch (error) {
    await chip.close();
    throw error;
  }
}

function parsePlace(at: string): I2cPlace {
  const [, bus, address] = /^(i2c-\d+):0x([0-9a-f]{2})$/.exec(at) ?? [];
  if (bus !== undefined && address !== undefined) return { bus, address: Number.parseInt(address, 16) };
  throw new OptionsError(`"${at}" is no place on an I2C bus`, { fix: 'at: i2c-1:0x76' });
}

async function findChip(i2c: I2cPort, search: ChipSearch): Promise<I2cDevice> {
  const bus = await busOf(i2c, search);
  const found: { readonly at: string; readonly chip: I2cDevice }[] = [];
  try {
    for (const address of search.addresses) {
      const chip = await tryAddress(i2c, { bus, address }, search);
      if (chip !== undefined) found.push({ at: `${bus}:${hex(address)}`, chip });
    }
    const [first, ...more] = found;
    if (first === undefined) {
      const where = search.addresses.map(hex).join(' or ');
      throw new Unavailable(`no ${search.kind} answers at ${where} on ${bus}`, { code: 'HB105' });
    }
    if (more.length === 0) return first.chip;
    const places = found.map(({ at }) => at).join(' and ');
    throw new OptionsError(`there is a ${search.kind} at ${places}`, { fix: `at: ${first.at}` });
  } catch (error) {
    await Promise.all(found.map(({ chip }) => chip.close()));
    throw error;
  }
}

async function busOf(i2c: I2cPort, { kind }: ChipSearch): Promise<string> {
  const buses = await i2c.buses();
  const [only, ...more] = buses;
  if (buses.includes(HEADER)) return HEADER;
  if (only !== undefined && more.length === 0) return only;
  if (only === undefined) throw new Unavailable(`there is no I2C bus for the ${kind}`, { code: 'HB101' });
  throw new OptionsError(`the ${kind} can be on ${buses.join(', ')}`, { fix: `at: ${only}:0x76` });
}

/** The chip, when it is the right one; an address that does not answer or belongs to others is no error here. */
async function tryAddress(i2c: I2cPort, place: I2cPlace, search: ChipSearch): Promise<I2cDevice | undefined> {
  let chip: I2cDevice | undefined;
  try {
    chip = await i2c.open(place);
    if (await search.isIt(chip)) return chip;
  } catch (error) {
    const isElse = error instanceof OptionsError;
    const isNobody = error instanceof HanbusError && ['HB104', 'HB105'].includes(error.code);
    if (!isElse && !isNobody) throw error;
  }
  await chip?.close();
  return undefined;
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(2, '0')}`;
}
