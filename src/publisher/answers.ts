import type { DeviceAnswer, PointAnswer } from '../schemes/contracts.ts';
import { shown } from '../schemes/units-shown.ts';
import type { Device } from './device.ts';
import type { RunningPoint } from './device-points.ts';
import type { Advice } from './health.ts';

/** `code` and `fix`: of what keeps the device from being ready. */
export type DeviceReport = DeviceAnswer & Advice;

/** A device as `list` tells it, with the points that `isWanted`; undefined when none of its points is. */
export function deviceAnswer(
  device: Device,
  nowMs: number,
  isWanted: (point: string) => boolean,
): DeviceReport | undefined {
  const { plan, health } = device;
  const { name, kind, at, group, about, origin, provenance } = plan;
  const wanted = device.points.filter((running) => isWanted(`${name}.${running.name}`));
  if (wanted.length === 0 && !(device.points.length === 0 && isWanted(name))) return undefined;
  const { why } = health;
  return {
    name,
    kind,
    at,
    group,
    ...(about === undefined ? {} : { about }),
    state: health.state,
    ...(why === undefined ? {} : { why }),
    ...health.advice,
    origin,
    provenance: { ...provenance },
    points: wanted.map((running) => pointAnswer(running, nowMs, why)),
  };
}

/** A point as `list` and `read` tell it. `nowMs`: monotonic; `deviceWhy`: why the device is not well. */
export function pointAnswer({ name, point }: RunningPoint, nowMs: number, deviceWhy?: string): PointAnswer {
  const { type, unit, range } = point.spec;
  return {
    name,
    topic: point.output.topic,
    type,
    ...(unit === undefined ? {} : { unit }),
    ...(range === undefined ? {} : { range: [...range] }),
    ...valueAnswer(point, nowMs, deviceWhy),
  };
}

type ValueAnswer = Pick<PointAnswer, 'value' | 'text' | 'quality' | 'why' | 'time' | 'ageMs'>;

function valueAnswer(point: RunningPoint['point'], nowMs: number, deviceWhy?: string): ValueAnswer {
  const { current, trouble, spec, policy } = point;
  if (current === undefined) {
    const why = trouble ?? deviceWhy;
    return { value: null, text: '-', quality: trouble === undefined ? 'none' : 'bad', ...(why && { why }) };
  }
  const { value, quality, why, time, at } = current;
  return {
    value,
    text: shown(value, spec.unit, policy.round ?? spec.decimals),
    quality,
    ...(why === undefined ? {} : { why }),
    time: Math.round(time),
    ageMs: Math.max(0, Math.round(nowMs - at)),
  };
}
