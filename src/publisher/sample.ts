import type { PointSpec } from '../schemes/point.ts';
import type { Quality, Value } from '../schemes/reading.ts';

/** What became of a driver's sample. */
export type Checked =
  | { readonly kind: 'value'; readonly value: Value; readonly quality: Quality; readonly why?: string }
  /** Known to be wrong: the last good value stays, with this reason. */
  | { readonly kind: 'bad'; readonly why: string }
  /** The driver broke its contract: a bug. */
  | { readonly kind: 'refused'; readonly why: string };

/** Longest text or JSON of one reading. */
const LONGEST = 65_536;

const QUALITIES: readonly unknown[] = ['good', 'uncertain', 'bad'];

/** Judges one sample against what is known of its point. Never throws, whatever the driver gave. */
export function checkSample(spec: PointSpec, sample: unknown): Checked {
  const doubt = doubtOf(sample);
  if (doubt === undefined) return checkValue(spec, sample);
  if (doubt.quality === 'bad') return { kind: 'bad', why: doubt.why };
  const checked = checkValue(spec, doubt.value);
  if (checked.kind !== 'value' || doubt.quality === 'good') return checked;
  return { kind: 'value', value: checked.value, quality: doubt.quality, why: doubt.why };
}

interface Doubt {
  readonly value: unknown;
  readonly quality: 'good' | 'uncertain' | 'bad';
  readonly why: string;
}

function doubtOf(sample: unknown): Doubt | undefined {
  if (typeof sample !== 'object' || sample === null || !('quality' in sample && 'why' in sample)) return undefined;
  const { quality, why } = sample;
  if (typeof why !== 'string' || !isQuality(quality)) return undefined;
  return { value: 'value' in sample ? sample.value : undefined, quality, why };
}

function isQuality(word: unknown): word is Doubt['quality'] {
  return QUALITIES.includes(word);
}

function checkValue(spec: PointSpec, value: unknown): Checked {
  switch (spec.type) {
    case 'number':
      return checkNumber(spec, value);
    case 'boolean':
      return typeof value === 'boolean' ? good(value) : wrongType('boolean', value);
    case 'enum':
      return checkWord(spec, value);
    case 'text':
      return typeof value === 'string' ? checkText(value) : wrongType('text', value);
    case 'json':
      return typeof value === 'object' && value !== null ? checkStructure(value) : wrongType('json', value);
    case 'event':
      return checkEvent(value);
  }
}

const good = (value: Value): Checked => ({ kind: 'value', value, quality: 'good' });

function wrongType(wanted: string, value: unknown): Checked {
  const got = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  return { kind: 'refused', why: `the driver gave ${got} instead of ${wanted}` };
}

function checkNumber({ range, unit = '' }: PointSpec, value: unknown): Checked {
  if (typeof value !== 'number') return wrongType('number', value);
  if (!Number.isFinite(value)) return { kind: 'bad', why: `${value} is not a number that can be` };
  if (range === undefined || (value >= range[0] && value <= range[1])) return good(value);
  const shown = Number(value.toPrecision(6));
  return { kind: 'bad', why: `${shown} is outside ${range[0]}..${range[1]}${unit === '' ? '' : ` ${unit}`}` };
}

function checkWord({ values }: PointSpec, value: unknown): Checked {
  if (typeof value !== 'string') return wrongType('enum', value);
  if (values === undefined || values.includes(value)) return good(value);
  return { kind: 'bad', why: `"${value.slice(0, 40)}" is none of ${values.join(', ')}` };
}

function checkText(value: string): Checked {
  if (value.length <= LONGEST) return good(value);
  return { kind: 'bad', why: `the text has ${value.length} characters, ${LONGEST} are allowed` };
}

function checkEvent(value: unknown): Checked {
  if (typeof value === 'string') return checkText(value);
  if (typeof value === 'boolean') return good(value);
  if (typeof value === 'number') return checkNumber({ type: 'event' }, value);
  return typeof value === 'object' && value !== null ? checkStructure(value) : wrongType('event', value);
}

/** Takes a copy that can be written as JSON: the driver may change its own object later. */
function checkStructure(value: object): Checked {
  try {
    const text = JSON.stringify(value);
    if (text.length > LONGEST)
      return { kind: 'bad', why: `the JSON has ${text.length} characters, ${LONGEST} are allowed` };
    const copy: Value = JSON.parse(text);
    return good(copy);
  } catch {
    return { kind: 'refused', why: 'the driver gave something that cannot be written as JSON' };
  }
}
