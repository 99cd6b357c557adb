import type { Bus } from '../bus/bus.ts';
import { isName } from '../schemes/names.ts';
import { isValue, type Reading, type Value } from '../schemes/reading.ts';
import { topics } from '../schemes/topics.ts';
import { isRecord } from '../schemes/yaml-value.ts';

/** The last value of a point, as it is kept over a restart. */
export interface LastValue {
  readonly device: string;
  readonly point: string;
  readonly value: Value;
  readonly unit?: string;
  /** ms since 1970; absent when the clock was not trusted. */
  readonly time?: number;
  readonly epoch: number;
  readonly sequence: number;
}

export interface LastValues {
  readonly points: readonly LastValue[];
}

/** More are not kept; a longer text or structure neither. */
const MOST = 10_000;
const LONGEST = 1_000;
/** Whose topics these are. */
const PUBLISHER = 'publisher';

/** Takes what is right of a stored document. */
export function parseLastValues(stored: unknown): LastValues {
  const rows = isRecord(stored) && Array.isArray(stored.points) ? stored.points.slice(0, MOST) : [];
  return { points: rows.flatMap((row: unknown) => parseOne(row)) };
}

function parseOne(row: unknown): LastValue[] {
  if (!isRecord(row)) return [];
  const { device, point, value, unit, time, epoch, sequence } = row;
  if (typeof device !== 'string' || typeof point !== 'string' || !isName(device) || !isName(point)) return [];
  if (typeof epoch !== 'number' || typeof sequence !== 'number' || !isValue(value)) return [];
  const unitPart = typeof unit === 'string' ? { unit } : {};
  return [{ device, point, value, ...unitPart, ...(typeof time === 'number' ? { time } : {}), epoch, sequence }];
}

export function lastValueOf(device: string, point: string, reading: Reading): LastValue | undefined {
  const { value, unit, time, epoch, sequence } = reading;
  if (typeof value === 'string' && value.length > LONGEST) return undefined;
  if (typeof value === 'object' && JSON.stringify(value).length > LONGEST) return undefined;
  const unitPart = unit === undefined ? {} : { unit };
  return { device, point, value, ...unitPart, ...(time === undefined ? {} : { time }), epoch, sequence };
}

/**
 * Puts the last values of an earlier life on the bus, retained and stale, so that rules do not act on them and people
 * see them. Call it before the devices are opened.
 */
export function restoreLast(bus: Bus, node: string, { points }: LastValues): readonly LastValue[] {
  const restored: LastValue[] = [];
  for (const value of points) {
    const { device, point, ...last } = value;
    const topic = topics.point(node, device, point);
    if (bus.retainedAt(topic) !== undefined) continue;
    const reading: Reading = { ...last, quality: 'stale', why: 'from before the restart' };
    bus.restore({ topic, payload: { reading, form: 'plain' }, retain: true, qos: 0, origin: PUBLISHER });
    restored.push(value);
  }
  return restored;
}
