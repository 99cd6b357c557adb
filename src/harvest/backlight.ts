import { backlights } from '../drivers/parse/lights.ts';
import type { Found } from '../schemes/found.ts';
import { nameFrom } from '../schemes/names.ts';
import type { Agent } from './agent.ts';
import { named } from './grouping.ts';
import { unread } from './unread.ts';

export const agent: Agent = {
  name: 'backlight',
  summary: 'Screens whose light the kernel drives.',
  async interrogate({ ports: { files } }) {
    const found: Found[] = [];
    const known = new Set<string>();
    for (const { name, folder, at } of await backlights(files)) {
      if (!(await files.readable(`${folder}/max_brightness`))) continue;
      known.add(folder);
      found.push({
        kind: 'backlight',
        name: /^[a-z]/i.test(name) ? nameFrom(name) : 'backlight',
        at,
        group: 'board',
        options: { at },
        certainty: 'sure',
        provenance: { source: folder, why: `the kernel drives the screen light ${name}; it is only read` },
        about: `screen light ${name}`,
      });
    }
    const question = { group: 'board', folder: '/sys/class/backlight', entry: /./, file: 'max_brightness', known };
    return { found: named(found), seen: await unread(files, question) };
  },
};
