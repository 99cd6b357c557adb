import { place } from '../../schemes/fields.ts';
import type { Sample } from '../driver.ts';
import { defineInput } from '../driver.ts';
import { attribute, numberIn, sampleIn } from '../parse/attribute.ts';
import { hardwareClocks, systemSeconds } from '../parse/clocks.ts';
import { type Channel, openFolder } from '../parse/folder-input.ts';

const points = {
  battery: { type: 'boolean', about: 'the clock trusts its battery', diagnostic: true },
  charging: { type: 'number', about: 'voltage to charge to; 0 is off', unit: 'V', range: [0, 5], diagnostic: true },
  offset: {
    type: 'number',
    about: 'clock minus system time; whole seconds',
    unit: 's',
    range: [-4_300_000_000, 4_300_000_000],
    decimals: 0,
    deadband: 1.5,
    diagnostic: true,
  },
} as const;

/** Source: Documentation/ABI/testing/sysfs-class-rtc; the battery word is in /proc/driver/rtc, for the main clock only. */
export const driver = defineInput({
  kind: 'rtc',
  summary: 'How far a battery-backed clock is off the system time, and its battery.',
  options: { at: place('Clock by its place, as `hanbus scan` lists it.') },
  points,
  every: '60s',
  example: { at: 'rtc:rtc_cmos' },
  open: async ({ at }, { ports: { files } }) => {
    const offset = async (folder: string, signal: AbortSignal): Promise<Sample> => {
      const text = await files.text(`${folder}/since_epoch`, signal);
      const clock = numberIn(text);
      const system = await systemSeconds(files, signal);
      if (clock === undefined || system === undefined) {
        return { quality: 'bad', why: `${folder}/since_epoch or /proc gives no time in seconds` };
      }
      return Math.round(clock - system);
    };
    const charging: Channel['read'] = async (folder, signal) =>
      await sampleIn(files, `${folder}/charging_voltage`, { scale: 1e-6, decimals: 2 }, signal);
    const battery = async (signal: AbortSignal): Promise<Sample> =>
      parseBattery(await files.text('/proc/driver/rtc', signal)) ?? {
        quality: 'bad',
        why: 'no word about the battery',
      };

    const channels = async (folder: string): Promise<Channel[]> => {
      const all: Channel[] = [{ name: 'offset', spec: points.offset, read: offset }];
      if (await files.exists(`${folder}/charging_voltage`)) {
        all.push({ name: 'charging', spec: points.charging, read: charging });
      }
      const isMain = (await attribute(files, `${folder}/hctosys`)) === '1';
      if (isMain && parseBattery((await attribute(files, '/proc/driver/rtc')) ?? '') !== undefined) {
        all.push({ name: 'battery', spec: points.battery, read: async (_folder, signal) => await battery(signal) });
      }
      return all;
    };
    return await openFolder({ files, at, places: async () => await hardwareClocks(files), channels });
  },
});

/** `batt_status : okay` or `dead`; undefined when the clock does not say. */
function parseBattery(text: string): boolean | undefined {
  const word = /^batt_status\s*:\s*(\w+)$/m.exec(text)?.[1];
  return word === undefined ? undefined : word === 'okay';
}
