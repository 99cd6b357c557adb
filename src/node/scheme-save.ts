import { HanbusError } from '../kit/errors.ts';
import { deviceNames, type SavedDevice, withDevices } from '../schemes/device-edit.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import type { SchemeLoop } from './scheme-loop.ts';

/** What `save` would write into the main file. */
export interface Saved {
  readonly text: string;
  /** Of the files that it was made from. */
  readonly etag: string;
  /** The devices that were not in the scheme, or without their kind. */
  readonly names: readonly string[];
}

/** The main file with what the harvest found: names, kinds, places. Throws HB202 when the file has errors. */
export async function savedText(
  { keeper, source: { main } }: Pick<SchemeLoop, 'keeper' | 'source'>,
  node: string,
  devices: readonly DevicePlan[],
): Promise<Saved> {
  const { texts, etag } = await keeper.read();
  const { [main]: text = '', ...others } = texts;
  const elsewhere = new Set(Object.values(others).flatMap(deviceNames));
  const found = devices.filter(
    ({ origin, lost, name }) => origin === 'harvest' && lost !== true && !elsewhere.has(name),
  );
  const saved = withDevices(text, node, found.map(savedDevice));
  if (saved === undefined) throw new HanbusError('HB202', `${main} has errors`, { fix: 'hanbus check' });
  return { text: found.length === 0 ? text : saved, etag, names: found.map(({ name }) => name) };
}

function savedDevice({ name, kind, at, options }: DevicePlan): SavedDevice {
  return { name, members: { kind, at, ...options } };
}
