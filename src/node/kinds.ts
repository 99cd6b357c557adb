import { CATALOG } from '../drivers/catalog.ts';
import type { InputDriver } from '../drivers/driver.ts';
import type { KindFacts } from '../schemes/load.ts';

/** Where the drivers of a node come from. */
export interface Drivers {
  driverOf(kind: string): Promise<InputDriver | undefined>;
  /** The facts of every kind, for checking a scheme. */
  allKinds(): Promise<ReadonlyMap<string, KindFacts>>;
}

/** The driver of a kind, loaded now; undefined for a kind that nobody wrote. */
async function driverOf(kind: string): Promise<InputDriver | undefined> {
  const load = Object.hasOwn(CATALOG, kind) ? CATALOG[kind] : undefined;
  return load === undefined ? undefined : (await load()).driver;
}

/** The facts of every kind, for checking a scheme. Loads all drivers. */
export async function allKinds(): Promise<ReadonlyMap<string, KindFacts>> {
  const loaded = await Promise.all(Object.values(CATALOG).map((load) => load()));
  return new Map(loaded.map(({ driver }) => [driver.kind, driver]));
}

/** Those that come with hanbus. */
export const CATALOGUE: Drivers = { driverOf, allKinds };
