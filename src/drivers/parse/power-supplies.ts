import type { FilesPort } from '../ports/ports.ts';
import { attribute, plainWords } from './attribute.ts';
import type { Place } from './folder-input.ts';

const CLASS = '/sys/class/power_supply';

export interface PowerSupply extends Place {
  /** `BAT0`. */
  readonly name: string;
  /** `Battery`, `Mains`, `UPS`, `USB`, `Wireless`. */
  readonly type: string;
  readonly facts: SupplyFacts;
}

/** `CAPACITY` to `87`. */
export type SupplyFacts = ReadonlyMap<string, string>;

/** The kernel's `uevent` file: all properties of a supply in one answer, without those that it cannot tell now. */
export function parseSupply(text: string): SupplyFacts {
  const facts = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^POWER_SUPPLY_([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) facts.set(key, plainWords(value));
  }
  return facts;
}

/** All power supplies. Name and serial number are the identity: a changed battery is another device. */
export async function powerSupplies(files: FilesPort): Promise<readonly PowerSupply[]> {
  const supplies: PowerSupply[] = [];
  for (const name of await files.list(CLASS)) {
    const folder = `${CLASS}/${name}`;
    const text = await attribute(files, `${folder}/uevent`);
    const facts = parseSupply(text ?? '');
    const type = facts.get('TYPE') ?? (await attribute(files, `${folder}/type`));
    if (text === undefined || type === undefined) continue;
    const serial = facts.get('SERIAL_NUMBER') ?? '';
    const mark = /[1-9a-z]/i.test(serial) ? `/${serial.replace(/\s+/g, '_')}` : '';
    supplies.push({ folder, name, type, facts, at: `power:${name}${mark}` });
  }
  return supplies;
}
