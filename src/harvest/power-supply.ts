import { lookUp } from '../drivers/parse/look-up.ts';
import { type PowerSupply, powerSupplies } from '../drivers/parse/power-supplies.ts';
import type { Found, Seen } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { named } from './grouping.ts';
import { unread } from './unread.ts';

const CLASS = '/sys/class/power_supply';
const READABLE = ['CAPACITY', 'CURRENT_NOW', 'HEALTH', 'ONLINE', 'POWER_NOW', 'STATUS', 'TEMP', 'VOLTAGE_NOW'];
const NAMES: Readonly<Record<string, string>> = {
  Battery: 'battery',
  Mains: 'mains',
  UPS: 'ups',
  USB: 'usb_supply',
  Wireless: 'wireless_supply',
};

export const agent: Agent = {
  name: 'power-supply',
  summary: 'Batteries, UPS, mains and USB-C supplies.',
  async interrogate({ ports: { files } }) {
    const supplies = await powerSupplies(files);
    const found: Found[] = [];
    const seen: Seen[] = [];
    for (const supply of supplies) {
      if (supply.facts.get('PRESENT') === '0') seen.push(refused(supply, 'the slot is empty'));
      else if (READABLE.some((key) => supply.facts.has(key))) found.push(foundOf(supply));
      else seen.push(refused(supply, 'it tells nothing that can be read'));
    }
    const known = new Set(supplies.map(({ folder }) => folder));
    const question = { group: 'board', folder: CLASS, entry: /./, file: 'uevent', known };
    return { found: named(found), seen: [...seen, ...(await unread(files, question))] };
  },
};

function refused({ name, folder, type }: PowerSupply, why: string): Seen {
  return { group: 'board', what: `${type} ${name}`, source: folder, why };
}

function foundOf({ name, folder, type, facts, at }: PowerSupply): Found {
  const maker = facts.get('MANUFACTURER') ?? '';
  const model = facts.get('MODEL_NAME') ?? '';
  const about = [maker, model].filter((word) => word !== '').join(' ');
  // A mouse or a headset has a battery too.
  const isApart = facts.get('SCOPE') === 'Device';
  return {
    kind: 'power-supply',
    name: isApart ? nameFrom(`battery ${model}`) : (lookUp(NAMES, type) ?? nameFrom(name)),
    at,
    group: 'board',
    options: { at },
    certainty: 'sure',
    provenance: { source: `${folder}/uevent`, why: `power supply of type ${type}` },
    about: about === '' ? `${type} ${name}` : `${type} ${about}`,
  };
}
