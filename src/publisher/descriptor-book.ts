import type { DevicePlan } from '../schemes/plan.ts';
import { isPointType, type PointSpec, type Points } from '../schemes/point.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { Document } from '../state/document.ts';

/** The points that a device had when it was last open, by its driver's names for them. */
interface Descriptor {
  readonly kind: string;
  readonly points: Points;
}

/** Devices that are remembered; above that the one opened longest ago is forgotten. */
const MOST_DEVICES = 500;
/** A device with more points is not remembered. */
const MOST_POINTS = 200;
/** Longest text of a spec. */
const LONGEST = 256;

/** What devices looked like when they were last open, kept over restarts, so that one that is away shows its points. */
export class DescriptorBook {
  readonly #document: Document<unknown> | undefined;
  /** By device; opened last is last. */
  readonly #devices: Map<string, Descriptor>;

  /** Without a document nothing is kept. */
  constructor(document: Document<unknown> | undefined) {
    this.#document = document;
    this.#devices = parseDevices(document?.value);
  }

  /** Undefined when a device of this name and kind was never open. */
  of({ name, kind }: DevicePlan): Points | undefined {
    const known = this.#devices.get(name);
    return known?.kind === kind ? known.points : undefined;
  }

  keep({ name, kind }: DevicePlan, points: Points): void {
    if (this.#document === undefined || Object.keys(points).length > MOST_POINTS) return;
    const before = this.#devices.get(name);
    this.#devices.delete(name);
    this.#devices.set(name, { kind, points });
    if (before?.kind === kind && JSON.stringify(before.points) === JSON.stringify(points)) return;
    const [oldest] = this.#devices.keys();
    if (this.#devices.size > MOST_DEVICES && oldest !== undefined) this.#devices.delete(oldest);
    this.#document.set({ devices: Object.fromEntries(this.#devices) });
  }
}

/** Takes what is right of a stored book. */
function parseDevices(stored: unknown): Map<string, Descriptor> {
  const entries = Object.entries(recordIn(stored, 'devices')).slice(-MOST_DEVICES);
  return new Map(
    entries.flatMap(([name, device]): [string, Descriptor][] => {
      if (!isRecord(device) || typeof device.kind !== 'string') return [];
      const points = Object.entries(recordIn(device, 'points')).slice(0, MOST_POINTS);
      const specs = points.flatMap(([key, spec]): [string, PointSpec][] => {
        const parsed = parseSpec(spec);
        return parsed === undefined ? [] : [[key, parsed]];
      });
      return [[name, { kind: device.kind, points: Object.fromEntries(specs) }]];
    }),
  );
}

function parseSpec(stored: unknown): PointSpec | undefined {
  if (!isRecord(stored) || !isPointType(stored.type)) return undefined;
  const { type, about, unit, range, values, decimals, deviceClass, stateClass, diagnostic, retain, deadband } = stored;
  return {
    type,
    ...(isText(about) && { about }),
    ...(isText(unit) && { unit }),
    ...(isRange(range) && { range: [range[0], range[1]] as const }),
    ...(Array.isArray(values) && { values: values.filter(isText) }),
    ...(isNumber(decimals) && { decimals }),
    ...(isText(deviceClass) && { deviceClass }),
    ...(isStateClass(stateClass) && { stateClass }),
    ...(typeof diagnostic === 'boolean' && { diagnostic }),
    ...(typeof retain === 'boolean' && { retain }),
    ...(isNumber(deadband) && { deadband }),
  };
}

function isStateClass(value: unknown): value is NonNullable<PointSpec['stateClass']> {
  return value === 'measurement' || value === 'total' || value === 'total_increasing';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isNumber);
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}
