import { Unavailable } from '../../kit/errors.ts';
import { choice, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineInput } from '../driver.ts';
import { numberIn } from '../parse/attribute.ts';
import { plausible } from '../parse/plausible.ts';

const share = { type: 'number', unit: '%', range: [0, 100], decimals: 1, diagnostic: true } as const;
const points = {
  cpu: { ...share, about: 'Time in which a program waited for a core' },
  io: { ...share, about: 'Time in which a program waited for a disk' },
  memory: { ...share, about: 'Time in which a program waited for memory' },
} as const satisfies Points;

/** Source: Documentation/accounting/psi.rst of the kernel. */
export const driver = defineInput({
  kind: 'stall',
  summary: 'How long programs wait for a core, a disk or memory.',
  options: { over: withDefault(choice('Mean of this time.', ['10s', '60s', '300s']), '10s') },
  points,
  every: '10s',
  example: { over: '60s' },
  async open({ over }, { ports: { files } }) {
    if (!(await files.exists('/proc/pressure/cpu')))
      throw new Unavailable('this kernel measures no stalls', { fix: 'add psi=1 to the command line of the kernel' });
    const mean = async (name: string, signal: AbortSignal): Promise<number | undefined> =>
      meanIn(await files.text(`/proc/pressure/${name}`, signal), over);
    return {
      read: async (signal) =>
        plausible(points, {
          cpu: await mean('cpu', signal),
          io: await mean('io', signal),
          memory: await mean('memory', signal),
        }),
      close: async () => undefined,
    };
  },
});

/** From `some avg10=0.12 avg60=0.05 avg300=0.01 total=361296065`. */
function meanIn(text: string, over: string): number | undefined {
  const words = text.split('\n')[0]?.split(' ') ?? [];
  const name = `avg${Number.parseInt(over, 10)}=`;
  return numberIn(words.find((word) => word.startsWith(name))?.slice(name.length));
}
