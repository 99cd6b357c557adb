import { freeName, nameFrom } from '../../schemes/names.ts';
import type { PointSpec } from '../../schemes/point.ts';
import type { FilesPort } from '../ports/ports.ts';
import { labelAttribute, numberAttribute, sampleIn } from './attribute.ts';
import type { Channel } from './folder-input.ts';
import { IIO_TYPES, type IioType } from './iio-units.ts';
import { lookUp } from './look-up.ts';

/** `in_voltage0-voltage1`, `in_accel_x`, `in_concentration_co2`, `in_temp`. */
interface IioChannel {
  /** `voltage0-voltage1`. */
  readonly key: string;
  /** `voltage`. */
  readonly kind: string;
  /** `0`, empty when there is just one. */
  readonly index: string;
  /** `1`: the second of a differential pair. */
  readonly second: string;
  /** `x`, `co2`, `pm2p5`. */
  readonly modifier: string;
  readonly type: IioType;
  /** `input`: the kernel did the sum; `raw`: (raw + offset) * scale. */
  readonly form: 'input' | 'raw';
}

const pattern = /^in_([a-z]+?)(\d*)(?:-([a-z]+)(\d+))?(?:_([a-z0-9]+(?:_[a-z0-9]+)*?))?_(raw|input)$/;

/** Takes the name of an attribute file apart; undefined when it is not the value of a known type. */
export function parseIioFile(file: string): IioChannel | undefined {
  const [, kind = '', index = '', , second = '', modifier = '', form] = pattern.exec(file) ?? [];
  const type = lookUp(IIO_TYPES, kind);
  if (type === undefined || (form !== 'raw' && form !== 'input')) return undefined;
  return { key: file.slice(3, -form.length - 1), kind, index, second, modifier, type, form };
}

/** The readable channels of an IIO device, named by label, modifier or number. */
export async function iioChannels(files: FilesPort, folder: string): Promise<readonly Channel[]> {
  const names = await files.list(folder);
  const all = names.map(parseIioFile).filter((channel) => channel !== undefined);
  const known = all.filter(({ form, key }) => form === 'input' || !names.includes(`in_${key}_input`));
  const taken = new Set<string>();
  const channels: Channel[] = [];
  for (const channel of known) {
    const label = await labelAttribute(files, `${folder}/in_${channel.key}_label`);
    const name = freeName(nameOf(channel, label), (wanted) => taken.has(wanted));
    taken.add(name);
    const sum = await sumOf(files, folder, channel);
    channels.push({
      name,
      spec: specOf(channel, sum, label),
      read: async (where, signal) => await sampleIn(files, `${where}/in_${channel.key}_${channel.form}`, sum, signal),
    });
  }
  return channels;
}

function nameOf({ type: { word }, index, second, modifier }: IioChannel, label: string | undefined): string {
  if (label !== undefined) return nameFrom(label, word);
  // The gas or the size of the dust says it all: co2, pm2p5.
  if (modifier !== '' && (word === 'concentration' || word === 'dust')) return nameFrom(`${modifier}${index}`, word);
  const number = second === '' ? index : `${index}_${second}`;
  return nameFrom([word, number, modifier].filter((part) => part !== '').join('_'));
}

interface Sum {
  readonly offset: number;
  /** Undefined: the driver gives no scale, so the number is a bare count. */
  readonly scale?: number;
  readonly decimals: number;
}

/** Offset and scale of a raw channel; the nearest name wins, a shared one stands for all channels of the type. */
async function sumOf(files: FilesPort, folder: string, channel: IioChannel): Promise<Sum> {
  const { decimals } = channel.type.spec;
  if (channel.form === 'input') return { offset: 0, scale: channel.type.scale, decimals };
  const offset = await nearest(files, folder, channel, 'offset');
  const scale = await nearest(files, folder, channel, 'scale');
  if (scale === undefined) return { offset: 0, decimals: 0 };
  return { offset: offset ?? 0, scale: scale * channel.type.scale, decimals };
}

async function nearest(
  files: FilesPort,
  folder: string,
  { key, kind, second, modifier }: IioChannel,
  word: 'offset' | 'scale',
): Promise<number | undefined> {
  const shared = second === '' ? kind : `${kind}-${kind}`;
  const middle = modifier === '' ? [] : [`${kind}_${modifier}`];
  for (const name of [key, ...middle, shared, kind]) {
    const value = await numberAttribute(files, `${folder}/in_${name}_${word}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

function specOf({ key, type: { spec }, form }: IioChannel, sum: Sum, label: string | undefined): PointSpec {
  if (sum.scale !== undefined) return { ...spec, about: label ?? spec.about ?? key };
  const { deviceClass: _class, unit: _unit, deadband: _deadband, ...rest } = spec;
  const about = `${label ?? key}, bare ${form} count: the kernel driver gives no scale`;
  return { ...rest, about, decimals: 0, range: [-2_147_483_648, 2_147_483_647] };
}
