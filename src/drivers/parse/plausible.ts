import type { PointSpec } from '../../schemes/point.ts';
import { plainText, type Value } from '../../schemes/reading.ts';
import type { Sample, Samples } from '../driver.ts';

/**
 * Raw values as samples: rounded as the point says; `bad` with the reason when outside the range;
 * left out when there is none, or the device has no such point.
 */
export function plausible<Name extends string>(
  points: Readonly<Record<Name, PointSpec>>,
  raw: { readonly [K in Name]?: Value | undefined },
): Samples<Name> {
  const samples: { [K in Name]?: Sample } = {};
  for (const name in raw) {
    const spec: PointSpec | undefined = points[name];
    const value = raw[name];
    const sample = spec === undefined || value === undefined ? undefined : sampleOf(value, spec);
    if (sample !== undefined) samples[name] = sample;
  }
  return samples;
}

function sampleOf(value: Value, spec: PointSpec): Sample | undefined {
  if (typeof value === 'number') return numberSample(value, spec);
  if (spec.values === undefined || spec.values.includes(plainText(value))) return value;
  return { quality: 'bad', why: `"${plainText(value)}" is not one of ${spec.values.join(', ')}` };
}

function numberSample(value: number, { range, unit, decimals = 2 }: PointSpec): Sample | undefined {
  if (Number.isNaN(value)) return undefined;
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (value >= low && value <= high && Number.isFinite(value)) return Number(value.toFixed(decimals));
  const shown = `${value}${unit === undefined ? '' : ` ${unit}`}`;
  return { quality: 'bad', why: `${shown} cannot be true: it is outside ${low}..${high}` };
}
