import { numberIn, plainWords } from '../drivers/parse/attribute.ts';
import { hwmonChips } from '../drivers/parse/hwmon-chips.ts';
import { type ThermalZone, thermalZones } from '../drivers/parse/thermal-zones.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import { reasonOf, Unavailable } from '../kit/errors.ts';
import type { Found, Seen } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { named } from './grouping.ts';
import { unread } from './unread.ts';

/** The processor under the names that kernels give it. */
const CPU = /^(?:cpu|soc|x86_pkg_temp|cpu[-_]thermal|soc[-_]thermal|bcm2835_thermal)$/;

export const agent: Agent = {
  name: 'thermal',
  summary: 'Thermal zones: temperatures by which the kernel cools.',
  async interrogate({ ports: { files } }) {
    const zones = await thermalZones(files);
    const hasCoretemp = (await hwmonChips(files)).some(({ name }) => name === 'coretemp');
    const found: Found[] = [];
    const seen: Seen[] = [];
    for (const zone of zones) {
      const refusal = await refusalOf(files, zone, hasCoretemp);
      if (refusal === undefined) found.push(foundOf(zone));
      else
        seen.push({ group: 'board', what: `thermal zone ${zone.type}`, source: `${zone.folder}/temp`, why: refusal });
    }
    const known = new Set(zones.map(({ folder }) => folder));
    const question = { group: 'board', folder: '/sys/class/thermal', entry: /^thermal_zone\d+$/, file: 'type', known };
    return { found: named(found), seen: [...seen, ...(await unread(files, question))] };
  },
};

async function refusalOf(files: FilesPort, zone: ThermalZone, hasCoretemp: boolean): Promise<string | undefined> {
  if (zone.type === 'x86_pkg_temp' && hasCoretemp) return 'the same sensor as the package of coretemp';
  if (/^INT34/.test(zone.type)) return 'a switch of the firmware for cooling policies; its temperature is made up';
  try {
    const text = await files.text(`${zone.folder}/temp`);
    return numberIn(text) === undefined ? `it says "${plainWords(text)}", which is no temperature` : undefined;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return reasonOf(error);
  }
}

function foundOf({ type, at, folder }: ThermalZone): Found {
  const name = CPU.test(type) ? 'cpu' : nameFrom(type.replace(/[-_]thermal$/, '').replace(/^(iwlwifi)_\d+$/, '$1'));
  return {
    kind: 'thermal',
    name,
    at,
    group: 'board',
    options: { at },
    certainty: 'sure',
    provenance: { source: `${folder}/temp`, why: `thermal zone of type ${type}` },
    about: name === 'cpu' ? 'processor' : type,
  };
}
