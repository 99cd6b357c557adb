import { leds } from '../drivers/parse/lights.ts';
import type { Found } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { named } from './grouping.ts';
import { unread } from './unread.ts';

export const agent: Agent = {
  name: 'leds',
  summary: 'Lights that the kernel drives: on the board, on keyboards, on network cards.',
  async interrogate({ ports: { files } }) {
    const found: Found[] = [];
    const known = new Set<string>();
    for (const { name, folder, at } of await leds(files)) {
      if (!(await files.readable(`${folder}/brightness`))) continue;
      known.add(folder);
      found.push({
        kind: 'led',
        name: nameFrom(`led ${name}`),
        at,
        group: 'board',
        options: { at },
        certainty: 'sure',
        provenance: { source: folder, why: `the kernel drives a light with the name ${name}; it is only read` },
        about: `light ${name}`,
      });
    }
    const question = { group: 'board', folder: '/sys/class/leds', entry: /./, file: 'brightness', known };
    return { found: named(found), seen: await unread(files, question) };
  },
};
