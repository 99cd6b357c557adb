import type { PointAnswer, WatchLine } from '../schemes/contracts.ts';
import type { Value } from '../schemes/reading.ts';

type Quality = PointAnswer['quality'];

/** What `$v` of a point says, as far as it is shown. */
export interface Envelope {
  readonly value: Value;
  readonly unit?: string;
  readonly quality: Quality;
  readonly why?: string;
}

const QUALITIES: readonly Quality[] = ['good', 'stale', 'uncertain', 'bad', 'manual'];

/** Undefined for anything that is no envelope: the bus is open to other writers. */
export function readEnvelope(payload: string): Envelope | undefined {
  const told = parsed(payload);
  if (!isRecord(told)) return undefined;
  const { v: value, u: unit, q, why } = told;
  const quality = QUALITIES.find((one) => one === q);
  if (quality === undefined || !isValue(value)) return undefined;
  return {
    value,
    quality,
    ...(typeof unit === 'string' ? { unit } : {}),
    ...(typeof why === 'string' ? { why } : {}),
  };
}

export function isLine(line: unknown): line is WatchLine {
  if (!isRecord(line)) return false;
  const { topic, payload, time } = line;
  return typeof topic === 'string' && typeof payload === 'string' && typeof time === 'number';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not from hanbus, so nothing that could be shown as a value.
    return undefined;
  }
}

function isValue(value: unknown): value is Value {
  return ['boolean', 'number', 'string'].includes(typeof value) || (typeof value === 'object' && value !== null);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
