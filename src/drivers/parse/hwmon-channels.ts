import { freeName, nameFrom } from '../../schemes/names.ts';
import type { PointSpec } from '../../schemes/point.ts';
import type { FilesPort } from '../ports/ports.ts';
import { attribute, labelAttribute, numberAttribute, sampleIn } from './attribute.ts';
import type { Channel } from './folder-input.ts';
import { lookUp } from './look-up.ts';

interface Sort {
  /** The name of a channel without a label. */
  readonly word: string;
  /** From the kernel's number to `unit`. */
  readonly scale: number;
  readonly spec: PointSpec & { readonly range: readonly [number, number]; readonly decimals: number };
}

/** Documentation/hwmon/sysfs-interface.rst: milli degrees, milli volts, rpm, milli amperes, micro watts, micro joules. */
const SORTS: Readonly<Record<string, Sort>> = {
  curr: sort('current', 1e-3, { unit: 'A', range: [-1000, 1000], decimals: 3, deviceClass: 'current' }),
  energy: {
    word: 'energy',
    scale: 1e-6,
    spec: {
      ...{ type: 'number', unit: 'J', range: [0, 1e13], decimals: 0, deviceClass: 'energy', diagnostic: true },
      stateClass: 'total_increasing',
    },
  },
  fan: sort('fan', 1, { unit: 'rpm', range: [0, 50_000], decimals: 0 }),
  humidity: sort('humidity', 1e-3, { unit: '%', range: [0, 100], decimals: 1, deviceClass: 'humidity' }),
  in: sort('voltage', 1e-3, { unit: 'V', range: [-100, 100], decimals: 3, deviceClass: 'voltage' }),
  power: sort('power', 1e-6, { unit: 'W', range: [-10_000, 10_000], decimals: 3, deviceClass: 'power' }),
  temp: sort('temperature', 1e-3, { unit: '°C', range: [-40, 150], decimals: 1, deviceClass: 'temperature' }),
};

function sort(word: string, scale: number, spec: Omit<Sort['spec'], 'type' | 'diagnostic'>): Sort {
  return { word, scale, spec: { type: 'number', ...spec, diagnostic: true } };
}

const INPUT = /^((\D+)\d+)_(input|average)$/;

/** Whether a file of a chip is a value of a known sort. */
export function isHwmonInput(file: string): boolean {
  return lookUp(SORTS, INPUT.exec(file)?.[2] ?? '') !== undefined;
}

interface Input {
  /** `temp1`. */
  readonly key: string;
  /** `temp1_input`. */
  readonly file: string;
  readonly sort: Sort;
  readonly label: string | undefined;
}

/** The readable channels of a chip, named by their labels. */
export async function hwmonChannels(files: FilesPort, folder: string): Promise<readonly Channel[]> {
  const names = new Set(await files.list(folder));
  const inputs: Input[] = [];
  for (const file of [...names].sort(byNumber)) {
    const input = await inputOf(files, folder, { file, names });
    if (input !== undefined) inputs.push(input);
  }
  const taken = new Set<string>();
  const channels: Channel[] = [];
  for (const input of inputs) {
    const name = freeName(nameOf(input, inputs, taken), (wanted) => taken.has(wanted));
    taken.add(name);
    channels.push(await channelOf(files, folder, { input, name, hasFault: names.has(`${input.key}_fault`) }));
  }
  return channels;
}

async function inputOf(
  files: FilesPort,
  folder: string,
  { file, names }: { readonly file: string; readonly names: ReadonlySet<string> },
): Promise<Input | undefined> {
  const [, key = '', kind = '', ending] = INPUT.exec(file) ?? [];
  const found = lookUp(SORTS, kind);
  if (found === undefined) return undefined;
  if (ending === 'average' && (kind !== 'power' || names.has(`${key}_input`))) return undefined;
  if ((await attribute(files, `${folder}/${key}_enable`)) === '0') return undefined;
  return { key, file, sort: found, label: await labelAttribute(files, `${folder}/${key}_label`) };
}

function nameOf({ key, label, sort: { word } }: Input, inputs: readonly Input[], taken: ReadonlySet<string>): string {
  if (label !== undefined) {
    const name = nameFrom(label, word);
    return taken.has(name) ? nameFrom(`${name}_${word}`) : name;
  }
  const nameless = inputs.filter((other) => other.sort.word === word && other.label === undefined);
  return nameless.length === 1 ? word : `${word}_${key.replace(/\D+/, '')}`;
}

async function channelOf(
  files: FilesPort,
  folder: string,
  { input, name, hasFault }: { readonly input: Input; readonly name: string; readonly hasFault: boolean },
): Promise<Channel> {
  const { key, file, label } = input;
  const { scale, spec } = input.sort;
  const limits = await limitsOf(files, `${folder}/${key}`, scale);
  const about = [label ?? key, ...limits.words].join(', ');
  return {
    name,
    spec: { ...spec, about, range: widened(spec.range, limits.values) },
    read: async (where, signal) => {
      if (hasFault && (await attribute(files, `${where}/${key}_fault`, signal)) === '1') {
        return { quality: 'bad', why: `the chip reports that the sensor ${label ?? key} is broken or not connected` };
      }
      return await sampleIn(files, `${where}/${file}`, { scale, decimals: spec.decimals }, signal);
    },
  };
}

async function limitsOf(files: FilesPort, start: string, scale: number) {
  const words: string[] = [];
  const values: number[] = [];
  for (const limit of ['min', 'max', 'crit']) {
    const value = await numberAttribute(files, `${start}_${limit}`);
    if (value === undefined || isNoLimit(value, scale)) continue;
    values.push(value * scale);
    words.push(`${limit} ${Number((value * scale).toFixed(2))}`);
  }
  return { words, values };
}

/** Chips say "no limit" with 0, absolute zero, or the end of their register: 65261.85 °C. */
function isNoLimit(value: number, scale: number): boolean {
  return value === 0 || value === -273_150 || Math.abs(value * scale) > 20_000;
}

/**
 * A limit of the chip is an alarm, not a border of what can be true: a fan below its minimum stands still, and that is
 * the reading that matters. So limits only widen the range.
 */
function widened([low, high]: readonly [number, number], limits: readonly number[]): readonly [number, number] {
  const sane = limits.filter((limit) => limit > low * 3 && limit < high * 3);
  return [Math.min(low, ...sane), Math.max(high, ...sane)];
}

/** `temp2` before `temp10`. Not by locale: that would take 3 MB of tables into memory. */
function byNumber(a: string, b: string): number {
  const [left, right] = [padded(a), padded(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const padded = (name: string): string => name.replaceAll(/\d+/g, (digits) => digits.padStart(9, '0'));
