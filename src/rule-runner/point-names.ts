import { HOME, parseTopic, topics } from '../schemes/topics.ts';

/** The parts of `kitchen.air.temperature`; undefined for a variable of the home and for what is no point. */
export interface PointName {
  readonly node: string;
  readonly device: string;
  readonly point: string;
}

export function parsePointName(full: string): PointName | undefined {
  const [node = '', device, point, ...more] = full.split('.');
  if (node === HOME || device === undefined || point === undefined || more.length > 0) return undefined;
  return { node, device, point };
}

/** `mode` of `home.mode`. */
export function variableOf(full: string): string | undefined {
  const [node, name, ...more] = full.split('.');
  return node === HOME && more.length === 0 ? name : undefined;
}

/** Where readings of a point come: its plain value, and its envelope where it has one. */
export function topicsOf(full: string): { readonly plain: string; readonly envelope?: string } | undefined {
  const variable = variableOf(full);
  if (variable !== undefined) return { plain: topics.variable(variable) };
  const name = parsePointName(full);
  if (name === undefined) return undefined;
  const { node, device, point } = name;
  return { plain: topics.point(node, device, point), envelope: topics.envelope(node, device, point) };
}

/** `kitchen.pump.state` of `hanbus/kitchen/pump/state/set`. */
export function pointOfTopic(topic: string): string | undefined {
  const { node, rest = [] } = parseTopic(topic) ?? {};
  const [device, point] = rest;
  return node === undefined || device === undefined || point === undefined ? undefined : `${node}.${device}.${point}`;
}

/** The devices of these points, each once: `kitchen.air`. */
export function devicesOf(points: readonly string[]): readonly string[] {
  const devices = points.flatMap((full) => {
    const name = parsePointName(full);
    return name === undefined ? [] : [`${name.node}.${name.device}`];
  });
  return [...new Set(devices)];
}
