import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { SchemeWorld } from '../../src/schemes/load.ts';
import { TEST_KINDS } from '../fakes/kinds.ts';

/** The files of a case folder, with paths as if the folder were the current directory. */
export function caseWorld(folder: string, main = 'scheme.yaml'): SchemeWorld {
  return {
    main,
    kinds: TEST_KINDS,
    environment: { CAM_TOKEN: 'x', CLOUD_KEY: 'x', ENGINE_PASSWORD: 'x' },
    readText: async (path) => {
      const file = join(folder, path);
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    },
    expand: async (pattern, from) => {
      const path = normalize(join(dirname(from), pattern));
      if (!path.includes('*')) return [path];
      const [start = '', end = ''] = path.split('*');
      const inside = dirname(`${start}x`);
      if (!existsSync(join(folder, inside))) return [];
      const names = readdirSync(join(folder, inside)).map((name) => (inside === '.' ? name : `${inside}/${name}`));
      return names.filter((name) => name.startsWith(start) && name.endsWith(end));
    },
  };
}

/** A scheme that is one text. */
export function textWorld(text: string, environment: Record<string, string> = {}): SchemeWorld {
  return {
    main: 'scheme.yaml',
    kinds: TEST_KINDS,
    environment,
    readText: async () => text,
    expand: async () => [],
  };
}
