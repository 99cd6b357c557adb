import { hardwareClocks } from '../drivers/parse/clocks.ts';
import type { Found, Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { named } from './grouping.ts';
import { isRaspberry } from './raspberry.ts';
import { unread } from './unread.ts';

const CLASS = '/sys/class/rtc';

export const agent: Agent = {
  name: 'rtc',
  summary: 'Clocks that go on without power.',
  async interrogate({ ports: { files } }) {
    const clocks = await hardwareClocks(files);
    const found = clocks.map(
      ({ name, folder, at }): Found => ({
        kind: 'rtc',
        name: 'rtc',
        at,
        group: 'board',
        options: { at },
        certainty: 'sure',
        provenance: { source: folder, why: `the kernel has a clock driver for ${name}` },
        about: `real-time clock ${name}`,
      }),
    );
    const known = new Set(clocks.map(({ folder }) => folder));
    const seen = await unread(files, { group: 'board', folder: CLASS, entry: /^rtc\d+$/, file: 'name', known });
    const isBare = found.length + seen.length === 0 && (await isRaspberry(files));
    return { found: named(found), seen: isBare ? [noClock] : seen };
  },
};

const noClock: Seen = {
  group: 'board',
  what: 'no real-time clock',
  source: CLASS,
  why: 'after a power cut the time is not known until the network tells it',
};
