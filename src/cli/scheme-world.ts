import { basename, dirname, join, resolve } from 'node:path';
import { CATALOG } from '../drivers/catalog.ts';
import type { KindFacts, SchemeWorld } from '../schemes/load.ts';
import { secretsIn } from '../schemes/secrets-text.ts';
import { wildcard } from '../schemes/wildcard.ts';
import type { Paths } from './paths.ts';
import type { World } from './world.ts';

/** What loading a scheme from these files needs, without a running node. `main` may be relative to the working folder. */
export async function schemeWorld(world: World, paths: Paths, main: string): Promise<SchemeWorld> {
  const { files, cwd } = world;
  return {
    main,
    kinds: await allKinds(),
    environment: { ...secretsIn((await files.text(paths.secrets)) ?? ''), ...world.env },
    readText: (path) => files.text(resolve(cwd, path)),
    async expand(pattern, from) {
      const path = join(dirname(from), pattern);
      const wanted = basename(path);
      if (!wanted.includes('*')) return [path];
      const names = await files.names(resolve(cwd, dirname(path)));
      return names.filter((name) => wildcard(wanted).test(name)).map((name) => join(dirname(path), name));
    },
  };
}

/** The facts of every kind of device. Loads all drivers. */
export async function allKinds(): Promise<ReadonlyMap<string, KindFacts>> {
  const loaded = await Promise.all(Object.values(CATALOG).map((load) => load()));
  return new Map(loaded.map(({ driver }) => [driver.kind, driver]));
}
