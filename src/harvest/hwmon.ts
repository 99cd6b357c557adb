import { labelAttribute } from '../drivers/parse/attribute.ts';
import { isHwmonInput } from '../drivers/parse/hwmon-channels.ts';
import { type HwmonChip, hwmonChips } from '../drivers/parse/hwmon-chips.ts';
import { thermalZones } from '../drivers/parse/thermal-zones.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import type { Found, Seen } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { groupOf, named } from './grouping.ts';
import { unread } from './unread.ts';

export const agent: Agent = {
  name: 'hwmon',
  summary: 'Monitoring chips: temperatures, voltages, fans, currents, powers.',
  async interrogate({ ports: { files } }) {
    const chips = await hwmonChips(files);
    const zones = (await thermalZones(files)).map(({ type }) => type.replaceAll('-', '_'));
    const found: Found[] = [];
    const seen: Seen[] = [];
    for (const chip of chips) {
      const refusal = twinOf(chip, zones) ?? (await emptiness(files, chip));
      if (refusal === undefined) found.push(await foundOf(files, chip));
      else
        seen.push({
          group: groupOf(placeOf(chip)),
          what: `hwmon chip ${chip.name}`,
          source: chip.folder,
          why: refusal,
        });
    }
    const known = new Set(chips.map(({ folder }) => folder));
    const question = { group: 'board', folder: '/sys/class/hwmon', entry: /^hwmon\d+$/, file: 'name', known };
    return { found: named(found), seen: [...seen, ...(await unread(files, question))] };
  },
};

/** The kernel shows some sensors in two places. Each is claimed once, where it tells more. */
function twinOf({ name, real, at }: HwmonChip, zones: readonly string[]): string | undefined {
  // Kernels before 6.0 hang the twin of a zone nowhere; only its name tells.
  const isZone = real.includes('/thermal_zone') || (at === `hwmon:${name}` && zones.includes(name));
  if (name === 'rpi_volt') return 'under-voltage is told by the power device of the board';
  if (name === 'w1_slave_temp') return 'the same sensor as the 1-Wire thermometer';
  if (name === 'iio_hwmon') return 'the same channels as the IIO device';
  if (isZone) return `the same sensor as the thermal zone ${name.replaceAll('_', '-')}`;
  if (real.includes('/power_supply/')) return 'the same values as the power supply';
  return undefined;
}

async function emptiness(files: FilesPort, { folder }: HwmonChip): Promise<string | undefined> {
  return !(await files.list(folder)).some(isHwmonInput)
    ? 'it has nothing to read: it only controls, or gives alarms'
    : undefined;
}

function placeOf({ at }: HwmonChip): string {
  return at.slice('hwmon:'.length);
}

async function foundOf(files: FilesPort, chip: HwmonChip): Promise<Found> {
  const { name, at, folder } = chip;
  const model = await labelAttribute(files, `${folder}/device/model`);
  return {
    kind: 'hwmon',
    name: nameFrom(name),
    at,
    group: groupOf(placeOf(chip)),
    options: { at },
    certainty: 'sure',
    provenance: { source: folder, why: `the kernel has an hwmon driver for ${name}` },
    about: model === undefined ? `${name} sensors` : `${name} sensors of ${model}`,
  };
}
