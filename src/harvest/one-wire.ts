import { ONE_WIRE_DEVICES } from '../drivers/parse/one-wire.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import type { Found, Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { named } from './grouping.ts';
import { ONE_WIRE_FAMILIES } from './one-wire-families.ts';
import { addBootLine, isRaspberry } from './raspberry.ts';

const GROUP = '1-wire';

export const agent: Agent = {
  name: 'one-wire',
  summary: '1-Wire buses: thermometers and other chips by their own number.',
  hotPlug: true,
  async interrogate({ ports: { files } }) {
    const names = await files.list(ONE_WIRE_DEVICES);
    const masters = names.filter((name) => name.startsWith('w1_bus_master'));
    if (masters.length === 0) return { found: [], seen: await off(files) };
    const found: Found[] = [];
    const seen: Seen[] = [];
    for (const id of names.filter((name) => /^[0-9a-f]{2}-[0-9a-f]{12}$/.test(name))) {
      const answer = await deviceOf(files, id);
      if ('kind' in answer) found.push(answer);
      else seen.push(answer);
    }
    if (found.length + seen.length === 0) seen.push(nothing(masters));
    return { found: named(found), seen };
  },
};

async function off(files: FilesPort): Promise<readonly Seen[]> {
  if (!(await isRaspberry(files))) return [];
  const why = 'the board starts without a 1-Wire bus; thermometers on GPIO4 stay hidden';
  const fix = await addBootLine(files, 'dtoverlay=w1-gpio');
  return [{ group: GROUP, what: 'off', source: ONE_WIRE_DEVICES, why, fix, code: 'HB103' }];
}

function nothing(masters: readonly string[]): Seen {
  const what = masters.length === 1 ? 'bus is on, no devices' : `${masters.length} buses are on, no devices`;
  const why = 'no chip answers; a bus needs a resistor of 4.7 kΩ from data to 3.3 V';
  return { group: GROUP, what, source: `${ONE_WIRE_DEVICES}/${masters[0] ?? ''}`, why };
}

async function deviceOf(files: FilesPort, id: string): Promise<Found | Seen> {
  const source = `${ONE_WIRE_DEVICES}/${id}`;
  const code = id.slice(0, 2);
  if (code === '00') {
    const why = 'a number that starts with 00 is noise on the line: the resistor of 4.7 kΩ to 3.3 V is missing';
    return { group: GROUP, what: `${id} is no chip`, source, why };
  }
  const family = ONE_WIRE_FAMILIES[code];
  if (family === undefined) return { group: GROUP, what: id, source, why: `family ${code} is not known` };
  const { what, kind, module = '' } = family;
  if (kind === undefined) return { group: GROUP, what: `${id} ${what}`, source, why: 'there is no driver for it yet' };
  const shown = await Promise.all((family.files ?? []).map(async (file) => await files.exists(`${source}/${file}`)));
  if (!shown.includes(true)) {
    const why = `the kernel module ${module} has not taken it`;
    return { group: GROUP, what: `${id} ${what}`, source, why, fix: `sudo modprobe ${module}` };
  }
  const at = `1wire:${id}`;
  const provenance = { source, why: `the number ${id} begins with ${code}: ${what}` };
  return { kind, name: kind, at, group: GROUP, options: { at }, certainty: 'sure', provenance, about: what };
}
