import type { KnownPoints } from './known-points.ts';
import { clipped, type Refusal, rejected } from './refusal.ts';

export interface Target {
  readonly device: string;
  readonly point: string;
}

/**
 * What a name means: `pump.state`, `kitchen.pump.state`, `pump/state`; `pump` alone when just one of its points can be
 * set; `group:lamps`, `scene:evening`.
 */
export function targetOf(name: string, node: string, known: KnownPoints): Target | Refusal {
  const [, kind, target] = /^(group|scene):([a-z][a-z0-9_]*)$/.exec(name) ?? [];
  if (kind !== undefined && target !== undefined) return { device: `$${kind}`, point: target };
  const parts = name.replaceAll('/', '.').split('.');
  const isFull = parts[0] === node && (parts.length === 3 || (parts.length === 2 && !known.has(node)));
  const [device = '', point, ...more] = isFull ? parts.slice(1) : parts;
  if (more.length > 0) return rejected('HB357', `${clipped(name)} is not a point of ${node}`);
  return point === undefined ? onlyPoint(device, known) : { device, point };
}

function onlyPoint(device: string, known: KnownPoints): Target | Refusal {
  const settable = known.settable(device);
  const [only, second] = settable;
  if (only === undefined && known.has(device)) return rejected('HB358', `${device} has nothing that can be set`);
  if (only === undefined) return known.refusalOf(device, 'state');
  if (second === undefined) return { device, point: only };
  return rejected('HB357', `${device} has several points: ${settable.map((one) => `${device}.${one}`).join(', ')}`);
}
