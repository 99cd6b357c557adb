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
  const own = parts.length > 1 && parts[0] === node && !known.has(node) ? parts.slice(1) : parts;
  const [device = '', point, ...more] = parts.length === 3 && parts[0] === node ? parts.slice(1) : own;
  if (more.length > 0) return rejected('HB357', `${clipped(name)} is not a point of ${node}`);
  if (point !== undefined) return { device, point };
  const settable = known.settable(device);
  const [only, second] = settable;
  if (only === undefined) return known.refusalOf(device, 'state');
  if (second === undefined) return { device, point: only };
  const all = settable.map((one) => `${device}.${one}`).join(', ');
  return rejected('HB357', `${device} has several points: ${all}`);
}
