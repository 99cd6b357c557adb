import { Unavailable } from '../../kit/errors.ts';
import { text } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { type DriverContext, defineInput } from '../driver.ts';
import { blockCounters } from '../parse/block-counters.ts';
import { kilo, makeCounterRates, uptimeSeconds } from '../parse/counter-rates.ts';
import { type Mount, mountAt } from '../parse/mounts.ts';
import { plausible } from '../parse/plausible.ts';

type Files = DriverContext['ports']['files'];
type Space = Awaited<ReturnType<Files['space']>>;

const diagnostic = true;
const space = {
  used: { type: 'number', unit: '%', range: [0, 100], decimals: 1, diagnostic, about: 'Space in use' },
  free: {
    type: 'number',
    unit: 'GB',
    range: [0, 10_000_000],
    deviceClass: 'data_size',
    diagnostic,
    about: 'Space that programs can still fill',
  },
  read_only: {
    type: 'boolean',
    deviceClass: 'problem',
    diagnostic,
    about: 'Nothing can be written; a card that turns so by itself is dying',
  },
} as const satisfies Points;
const rate = {
  type: 'number',
  unit: 'kB/s',
  range: [0, 100_000_000],
  decimals: 1,
  deviceClass: 'data_rate',
  diagnostic,
} as const;
const points = {
  ...space,
  read_rate: { ...rate, about: 'Read since the last reading' },
  write_rate: { ...rate, about: 'Written since the last reading' },
  io_busy: {
    type: 'number',
    unit: '%',
    range: [0, 100],
    decimals: 1,
    diagnostic,
    about: 'Time in which the disk worked',
  },
  written: {
    type: 'number',
    unit: 'MB',
    range: [0, 1_000_000_000_000],
    deviceClass: 'data_size',
    stateClass: 'total_increasing',
    diagnostic,
    about: 'Written since the board started',
  },
} as const satisfies Points;

/** Source: statfs(2), proc_pid_mountinfo(5), Documentation/block/stat.rst. */
export const driver = defineInput({
  kind: 'disk',
  summary: 'Space and traffic of a mounted file system.',
  options: { mount: text('Where it is mounted: `/`, `/boot/firmware`, `/media/ann/PHOTOS`.') },
  points,
  every: '30s',
  example: { mount: '/' },
  async open({ mount }, { ports: { files } }) {
    const { device } = await mounted(files, mount);
    const hasCounters = (await blockCounters(files, device)) !== undefined;
    const rates = makeCounterRates<'read' | 'written' | 'busy'>();
    return {
      points: hasCounters ? points : space,
      read: async (signal) => {
        const now = await mounted(files, mount, signal);
        const counters = hasCounters ? await blockCounters(files, now.device, signal) : undefined;
        const { read, written, busy } = rates(await uptimeSeconds(files, signal), { ...counters });
        return plausible(points, {
          ...spaceOf(await files.space(mount)),
          read_only: now.readOnly,
          read_rate: kilo(read),
          write_rate: kilo(written),
          // ms a second; the two clocks differ a little.
          io_busy: busy === undefined ? undefined : Math.min(busy / 10, 100),
          written: counters?.written === undefined ? undefined : counters.written / 1_000_000,
        });
      },
      close: async () => undefined,
    };
  },
});

async function mounted(files: Files, point: string, signal?: AbortSignal): Promise<Mount> {
  const mount = await mountAt(files, point, signal);
  if (mount === undefined) throw new Unavailable(`nothing is mounted on ${point}`);
  return mount;
}

/** As `df` counts: what is kept for the system administrator is neither used nor free. */
function spaceOf({ size, free, available }: Space): { used?: number; free?: number } {
  const used = size - free;
  if (size <= 0 || used < 0 || available < 0) return {};
  return { used: (100 * used) / (used + available), free: available / 1_000_000_000 };
}
