import { BUS_PINS, freePinsNear } from './header-pins.ts';
import type { PathProblem } from './path-problem.ts';

/** A device and its place. */
export interface Use {
  readonly device: string;
  readonly kind: string | undefined;
  readonly at: string;
}

/** Finds places that two devices want, and pins that belong to a bus in use. */
export function checkUses(uses: readonly Use[]): readonly PathProblem[] {
  const real = uses.filter(({ at }) => at !== 'sim');
  const taken = new Set(real.flatMap(({ at }) => gpioOf(at) ?? []));
  const first = new Map<string, Use>();
  for (const use of real) if (!first.has(use.at)) first.set(use.at, use);
  return real.flatMap((use) => {
    const earlier = first.get(use.at);
    const gpio = gpioOf(use.at);
    const isShared = earlier !== undefined && earlier !== use;
    const bus = gpio === undefined || isShared ? undefined : busOf(gpio, real);
    if (!isShared && bus === undefined) return [];
    const why = isShared ? `already used by ${named(earlier)}` : bus;
    return [inUse(use, `${use.at} is ${why}`, gpio === undefined ? undefined : freePinsNear(gpio, taken))];
  });
}

function busOf(gpio: number, uses: readonly Use[]): string | undefined {
  for (const { prefix, bus, pins } of BUS_PINS) {
    const pin = pins.find((candidate) => candidate.gpio === gpio);
    const user = pin === undefined ? undefined : uses.find(({ at }) => at.startsWith(prefix));
    if (pin !== undefined && user !== undefined) return `${pin.role} of ${bus}, used by ${named(user)}`;
  }
  return undefined;
}

function inUse({ device, at }: Use, message: string, free: readonly string[] | undefined): PathProblem {
  const problem = { path: ['devices', device, 'at'], code: 'HB221', message };
  const [nearest] = free ?? [];
  if (nearest === undefined) {
    return { ...problem, suggestion: `only one device can be at ${at}; change one place or delete one device` };
  }
  return { ...problem, suggestion: `free pins near it: ${free?.join(', ')}`, fix: `at: ${nearest}` };
}

function named({ device, kind }: Use): string {
  return kind === undefined ? device : `${device} (${kind})`;
}

function gpioOf(at: string): number | undefined {
  const line = /^gpio(\d+)$/.exec(at)?.[1];
  return line === undefined ? undefined : Number(line);
}
