/** A lamp module on the power line: house A to P, unit 1 to 16. */
export interface X10Address {
  readonly house: string;
  readonly unit: number;
}

/** The code of a house or a unit, in the order A, B, C or 1, 2, 3. Source: X10 transmission theory; they are the same. */
const CODES = [0x6, 0xe, 0x2, 0xa, 0x1, 0x9, 0x5, 0xd, 0x7, 0xf, 0x3, 0xb, 0x0, 0x8, 0x4, 0xc];

export const FUNCTIONS = [
  'all units off',
  'all lights on',
  'on',
  'off',
  'dim',
  'bright',
  'all lights off',
  'extended',
  'hail',
  'hail answer',
  'preset dim low',
  'preset dim high',
  'extended data',
  'status is on',
  'status is off',
  'status request',
] as const;
export type X10Function = (typeof FUNCTIONS)[number];

/** `A1` to `P16`; undefined for anything else. */
export function parseX10(text: string): X10Address | undefined {
  const [, house, digits] = /^([A-P])(\d{1,2})$/i.exec(text.trim()) ?? [];
  const unit = Number(digits);
  return house !== undefined && unit >= 1 && unit <= 16 ? { house: house.toUpperCase(), unit } : undefined;
}

export function addressCode({ house, unit }: X10Address): number {
  return ((CODES[house.charCodeAt(0) - 65] ?? 0) << 4) | (CODES[unit - 1] ?? 0);
}

export function functionCode(house: string, name: X10Function): number {
  return ((CODES[house.charCodeAt(0) - 65] ?? 0) << 4) | FUNCTIONS.indexOf(name);
}

/** What came over the power line: units of a house, and what they were told. */
export interface X10Heard {
  readonly house: string;
  /** Empty when the function is for the whole house. */
  readonly units: readonly number[];
  readonly name: X10Function;
}

/** Puts addresses and functions together: a function is for all units of its house that were named since the last one. */
export class X10Ear {
  readonly #selected = new Map<string, { units: number[]; isUsed: boolean }>();

  /**
   * The bytes that a CM11A uploads: a mask whose bit says function (1) or address (0) for each byte, then the bytes. Dim
   * levels and extended data follow their function. Source: CM11A interface protocol, 4.
   */
  upload([mask = 0, ...bytes]: readonly number[]): readonly X10Heard[] {
    const heard: X10Heard[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      const house = String.fromCharCode(65 + CODES.indexOf(byte >> 4));
      if (((mask >> at) & 1) === 0) {
        this.#address(house, CODES.indexOf(byte & 0x0f) + 1);
        continue;
      }
      const name = FUNCTIONS[byte & 0x0f] ?? 'hail';
      heard.push({ house, units: this.#unitsOf(house), name });
      at += name === 'dim' || name === 'bright' ? 1 : name === 'extended' ? 2 : 0;
    }
    return heard;
  }

  #address(house: string, unit: number): void {
    const known = this.#selected.get(house);
    if (known === undefined || known.isUsed) this.#selected.set(house, { units: [unit], isUsed: false });
    else if (!known.units.includes(unit)) known.units.push(unit);
  }

  #unitsOf(house: string): readonly number[] {
    const known = this.#selected.get(house);
    if (known !== undefined) known.isUsed = true;
    return known?.units ?? [];
  }
}
