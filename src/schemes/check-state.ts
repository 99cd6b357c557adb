import Type, { type TSchema } from 'typebox';
import { parseByteSize } from './byte-size.ts';
import type { CheckContext } from './check-context.ts';
import { checkField } from './check-field.ts';
import { duration, optional, text } from './fields.ts';
import type { StateText } from './scheme.ts';
import { isRecord, scalarText, shortValue } from './yaml-value.ts';

/** `state:`: how long and how much history is kept. */
export function stateSchema(): TSchema {
  return Type.Object(
    {
      keep: optional(duration('How long history is kept; default 7d.')),
      max: optional(text('Most space that history may take; default 64MB.')),
    },
    { additionalProperties: false, description: 'History.' },
  );
}

/** Smallest and largest space that history may have, bytes. */
const LEAST = 1_000_000;
const MOST = 1_000_000_000_000;

export function checkState(raw: unknown, context: CheckContext): StateText {
  if (raw === undefined || raw === null) return {};
  const before = context.problems.length;
  const fields = checkField(stateSchema(), sized(raw), ['state'], context);
  if (!isRecord(fields) || context.problems.length > before) return {};
  const { keep, max } = fields;
  const maxBytes = max === undefined ? undefined : checkSize(max, context);
  return {
    ...(typeof keep === 'number' ? { keepMs: keep } : {}),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

/** A bare number is a size without unit, not a text without quotes. */
function sized(raw: unknown): unknown {
  return isRecord(raw) && typeof raw.max === 'number' ? { ...raw, max: String(raw.max) } : raw;
}

function checkSize(raw: unknown, { problems }: CheckContext): number | undefined {
  const bytes = typeof raw === 'string' ? parseByteSize(raw) : undefined;
  if (bytes !== undefined && bytes >= LEAST && bytes <= MOST) return bytes;
  const message =
    bytes === undefined
      ? `max: ${shortValue(raw)} is not a size with a unit`
      : `max: ${shortValue(raw)} is outside 1MB to 1TB`;
  const digits = /^\d+/.exec(scalarText(raw)?.trim() ?? '')?.[0];
  const fix = bytes === undefined && digits !== undefined ? `max: ${digits}MB` : 'max: 64MB';
  problems.push({
    path: ['state', 'max'],
    code: bytes === undefined ? 'HB210' : 'HB212',
    message,
    suggestion: 'as in 64MB',
    fix,
  });
  return undefined;
}
