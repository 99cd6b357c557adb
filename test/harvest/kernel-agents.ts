import { CATALOG } from '../../src/drivers/catalog.ts';
import type { DriverContext, InputDriver, OpenInput } from '../../src/drivers/driver.ts';
import type { Ports } from '../../src/drivers/ports/ports.ts';
import type { Agent } from '../../src/harvest/agent.ts';
import { AGENTS } from '../../src/harvest/agents.ts';
import type { Found, Report } from '../../src/schemes/found.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { driverContext } from '../fakes/tree-ports.ts';

const names = [
  ...['backlight', 'gpio', 'hwmon', 'i2c', 'iio', 'leds', 'one-wire'],
  ...['power-supply', 'pwm', 'rtc', 'serial', 'spi', 'thermal', 'usb'],
];

/** The agents of what the kernel has drivers for. */
export const kernelAgents: readonly Agent[] = AGENTS.filter(({ name }) => names.includes(name));

export async function ask(name: string, ports: Ports): Promise<Report> {
  const agent = kernelAgents.find((one) => one.name === name);
  if (agent === undefined) throw new Error(`no agent ${name}`);
  return await agent.interrogate({ ports, log: makeFakeLog().log });
}

export interface Opened {
  readonly device: OpenInput<string>;
  readonly points: NonNullable<OpenInput<string>['points']>;
  readonly read: () => Promise<Readonly<Record<string, unknown>>>;
}

interface AnyOptions {
  open(options: unknown, context: DriverContext): Promise<OpenInput<string>>;
}

/** Options of an agent have the shape that the driver declares; `never` says that only a decoder may call `open`. */
function anyOptions(driver: InputDriver): AnyOptions {
  return driver as unknown as AnyOptions;
}

/** Opens a device with the driver of its kind, as the runner does. */
export async function openKind(kind: string, options: Found['options'], ports: Ports): Promise<Opened> {
  const load = CATALOG[kind];
  if (load === undefined) throw new Error(`no driver ${kind}`);
  const { driver } = await load();
  const device = await anyOptions(driver).open(options, driverContext(ports));
  return {
    device,
    points: device.points ?? (driver.points === 'found' ? {} : driver.points),
    read: async () => (await device.read?.(new AbortController().signal)) ?? {},
  };
}

/** The one device with this name. */
export function named({ found }: Report, name: string): Found {
  const device = found.find((one) => one.name === name);
  if (device === undefined) throw new Error(`no ${name} among ${found.map((one) => one.name).join(', ')}`);
  return device;
}
