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
  return real.flatMap((use, index) => {
    const earlier = real.slice(0, index).find(({ at }) => at === use.at);
    const gpio = gpioOf(use.at);
    const free = gpio === undefined ? undefined : freePinsNear(gpio, taken);
    if (earlier !== undefined) return [inUse(use, `${use.at} is already used by ${named(earlier)}`, free)];
    const bus = gpio === undefined ? undefined : busOf(gpio, real);
    return bus === undefined ? [] : [inUse(use, `${use.at} is ${bus}`, free)];
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
  if (free === undefined) {
    return { ...problem, suggestion: `only one device can be at ${at}; change one place or delete one device` };
  }
  return {
    ...problem,
    suggestion: `free pins near it: ${free.join(', ')}`,
    ...(free[0] === undefined ? {} : { fix: `at: ${free[0]}` }),
  };
}

function named({ device, kind }: Use): string {
  return kind === undefined ? device : `${device} (${kind})`;
}

function gpioOf(at: string): number | undefined {
  const line = /^gpio(\d+)$/.exec(at)?.[1];
  return line === undefined ? undefined : Number(line);
}
