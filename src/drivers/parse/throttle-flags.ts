import { Unavailable } from '../../kit/errors.ts';
import type { FilesPort, Ports } from '../ports/ports.ts';
import { attribute } from './attribute.ts';

/** What the firmware of a Raspberry Pi complains of. */
export const FLAGS = ['under_voltage', 'frequency_capped', 'throttled', 'temperature_limit'] as const;
export type Flag = (typeof FLAGS)[number];

/** Bit n of the firmware's word is FLAGS[n] now, bit n + 16 the same at some time since the start. */
const SINCE_BOOT = 16;

export type ThrottleFlags = { readonly [K in Flag | `${Flag}_since_boot`]?: boolean };

export interface FlagSource {
  /** The path or the program, for provenance. */
  readonly source: string;
  /** The kernel's hwmon driver tells only of under-voltage, and only now. */
  readonly isWhole: boolean;
  read(signal?: AbortSignal): Promise<ThrottleFlags>;
}

const drivers = '/sys/bus/platform/drivers/raspberrypi-firmware';

/** Finds who tells: the firmware driver, its hwmon chip, or `vcgencmd`; undefined when nobody does (no Raspberry Pi). */
export async function flagSource({
  files,
  process,
}: Pick<Ports, 'files' | 'process'>): Promise<FlagSource | undefined> {
  for (const device of await files.list(drivers)) {
    const path = `${drivers}/${device}/get_throttled`;
    if (await files.exists(path))
      return { source: path, isWhole: true, read: async (signal) => word(await files.text(path, signal), path) };
  }
  return (await alarmSource(files)) ?? (await programSource(process));
}

async function alarmSource(files: FilesPort): Promise<FlagSource | undefined> {
  for (const chip of await files.list('/sys/class/hwmon')) {
    const path = `/sys/class/hwmon/${chip}/in0_lcrit_alarm`;
    if ((await attribute(files, `/sys/class/hwmon/${chip}/name`)) !== 'rpi_volt' || !(await files.exists(path)))
      continue;
    const read = async (signal?: AbortSignal) => ({ under_voltage: alarm(await files.text(path, signal), path) });
    return { source: path, isWhole: false, read };
  }
  return undefined;
}

async function programSource(process: Ports['process']): Promise<FlagSource | undefined> {
  const read = async (signal?: AbortSignal) => {
    const { code, out } = await process.run('vcgencmd', ['get_throttled'], signal);
    const value = /^throttled=0x([0-9a-f]+)\s*$/.exec(out)?.[1];
    if (code !== 0 || value === undefined) throw new Unavailable(`vcgencmd says "${out.trim().slice(0, 60)}"`);
    return word(value, 'vcgencmd');
  };
  try {
    await read();
    return { source: 'vcgencmd get_throttled', isWhole: true, read };
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

function alarm(text: string, path: string): boolean {
  if (text !== '0' && text !== '1') throw new Unavailable(`${path} says "${text.slice(0, 40)}" instead of 0 or 1`);
  return text === '1';
}

function word(text: string, source: string): ThrottleFlags {
  if (!/^(?:0x)?[0-9a-f]{1,8}$/i.test(text))
    throw new Unavailable(`${source} says "${text.slice(0, 40)}" instead of flags`);
  const bits = Number.parseInt(text, 16);
  const isSet = (bit: number) => Math.floor(bits / 2 ** bit) % 2 === 1;
  const pairs = FLAGS.flatMap((flag, bit) => [
    [flag, isSet(bit)],
    [`${flag}_since_boot`, isSet(bit + SINCE_BOOT)],
  ]);
  return Object.fromEntries(pairs);
}
