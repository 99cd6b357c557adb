import { flagSource } from '../drivers/parse/throttle-flags.ts';
import { Unavailable } from '../kit/errors.ts';
import type { Report, Seen } from '../schemes/found.ts';
import type { Agent, AgentWorld } from './agent.ts';
import { isRaspberry } from './raspberry.ts';

export const agent: Agent = {
  name: 'power',
  summary: 'Under-voltage and throttling of a Raspberry Pi.',
  async interrogate({ ports }: AgentWorld): Promise<Report> {
    if (!(await isRaspberry(ports.files))) return { found: [], seen: [] };
    const flags = await flagSource(ports);
    if (flags === undefined) return { found: [], seen: [nobodyTells] };
    const device = {
      kind: 'power',
      name: 'power',
      at: 'board:power',
      group: 'board',
      options: {},
      certainty: 'sure',
      provenance: { source: flags.source, why: 'the firmware of the Raspberry Pi watches the supply' },
      about: 'supply and throttling',
    } as const;
    return { found: [device], seen: await complaints(flags) };
  },
};

const nobodyTells: Seen = {
  group: 'board',
  what: 'no under-voltage flags',
  source: '/sys/bus/platform/drivers/raspberrypi-firmware',
  why: 'the kernel does not offer them, and vcgencmd is not installed or may not ask',
};

type Flags = NonNullable<Awaited<ReturnType<typeof flagSource>>>;

async function complaints({ source, read }: Pick<Flags, 'source' | 'read'>): Promise<readonly Seen[]> {
  try {
    const { under_voltage, under_voltage_since_boot: before } = await read();
    if (under_voltage !== true && before !== true) return [];
    const when = under_voltage === true ? 'now' : 'since the start';
    const why = 'readings, USB devices and the SD card are at risk';
    return [{ group: 'power', what: `under-voltage ${when}`, source, why, code: 'HB110' }];
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return [{ group: 'power', what: 'flags cannot be read', source, why: error.message, code: error.code }];
  }
}
