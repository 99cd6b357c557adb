import type { PointAnswer, WatchLine } from '../schemes/contracts.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { isQuality, isValue, type Value } from '../schemes/reading.ts';
import { isRecord } from '../schemes/yaml-value.ts';

type Quality = PointAnswer['quality'];

/** What `$v` of a point says, as far as it is shown. */
export interface Envelope {
  readonly value: Value;
  readonly unit?: string;
  readonly quality: Quality;
  readonly why?: string;
}

/** Undefined for anything that is no envelope: the bus is open to other writers. */
export function readEnvelope(payload: string): Envelope | undefined {
  const told = jsonIn(payload);
  if (!isRecord(told)) return undefined;
  const { v: value, u: unit, q: quality, why } = told;
  if (!isQuality(quality) || !isValue(value)) return undefined;
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
