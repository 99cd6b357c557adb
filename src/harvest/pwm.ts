import { numberAttribute } from '../drivers/parse/attribute.ts';
import { sysfsPlace } from '../drivers/parse/sysfs-place.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { unread } from './unread.ts';

const CLASS = '/sys/class/pwm';

export const agent: Agent = {
  name: 'pwm',
  summary: 'Chips that dim and turn: how many PWM channels they have. None is exported or driven.',
  async interrogate({ ports: { files } }) {
    const seen: Seen[] = [];
    const known = new Set<string>();
    for (const chip of (await files.list(CLASS)).filter((name) => /^pwmchip\d+$/.test(name))) {
      const folder = `${CLASS}/${chip}`;
      const count = await numberAttribute(files, `${folder}/npwm`);
      if (count === undefined) continue;
      known.add(folder);
      const exported = (await files.list(folder)).filter((name) => /^pwm\d+$/.test(name));
      const real = (await files.link(`${folder}/device`)) ?? '';
      const used = exported.length === 0 ? 'none is in use' : `${exported.length} in use`;
      seen.push({
        group: 'pwm',
        what: `${count} ${count === 1 ? 'channel' : 'channels'} of ${sysfsPlace(real) ?? chip}`,
        source: folder,
        why: `${used}; an output is not driven before a scheme names it`,
      });
    }
    const question = { group: 'pwm', folder: CLASS, entry: /^pwmchip\d+$/, file: 'npwm', known };
    return { found: [], seen: [...seen, ...(await unread(files, question))] };
  },
};
