import { labelAttribute } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { isRaspberry, turnOn } from './raspberry.ts';

const BUS = '/sys/bus/i2c/devices';
/** The bus on pins 3 and 5 of every Raspberry Pi since 2012. */
const HEADER = 'i2c-1';
/** Buses inside the machine: screens, graphics, cameras, main board. */
const INTERNAL = /ddc|aux|gmbus|i915|amdgpu|nvidia|radeon|nouveau|hdmi|vc4|smbus|i801|piix4|mux|designware.*lpss/i;

export const agent: Agent = {
  name: 'i2c',
  summary: 'I2C buses and what the kernel has on them. No address is probed.',
  async interrogate({ ports: { files } }) {
    const entries = await files.list(BUS);
    const buses = entries.filter((name) => /^i2c-\d+$/.test(name));
    const isPi = await isRaspberry(files);
    const seen: Seen[] = isPi && !buses.includes(HEADER) ? [await switchedOff(files)] : [];
    const internal: string[] = [];
    for (const bus of buses) {
      const name = (await labelAttribute(files, `${BUS}/${bus}/name`)) ?? 'without a name';
      if (isPi ? bus !== HEADER : INTERNAL.test(name)) internal.push(bus);
      else seen.push(await seenOf(files, { bus, name, claimed: await claimedOn(files, bus, entries) }));
    }
    if (internal.length > 0) seen.push(leftAlone(internal));
    return { found: [], seen };
  },
};

async function switchedOff(files: FilesPort): Promise<Seen> {
  const fix = await turnOn(files, { verb: 'do_i2c', line: 'dtparam=i2c_arm=on' });
  const why = 'the board starts without its I2C bus, so nothing on pins 3 and 5 can be seen';
  return { group: HEADER, what: 'off', source: BUS, why, fix, code: 'HB101' };
}

function leftAlone(buses: readonly string[]): Seen {
  const what = `${buses.length} internal ${buses.length === 1 ? 'bus' : 'buses'}: ${buses.join(', ')}`;
  return { group: 'i2c', what, source: BUS, why: 'they belong to screens, cameras or the board itself: left alone' };
}

interface Bus {
  readonly bus: string;
  readonly name: string;
  readonly claimed: readonly string[];
}

/** `0x76 bme280`: devices that the kernel was told of, with the driver that has them. */
async function claimedOn(files: FilesPort, bus: string, entries: readonly string[]): Promise<readonly string[]> {
  const number = bus.slice('i2c-'.length);
  const claimed: string[] = [];
  for (const entry of entries) {
    const [, address] = new RegExp(`^${number}-00([0-9a-f]{2})$`).exec(entry) ?? [];
    if (address === undefined) continue;
    const name = (await labelAttribute(files, `${BUS}/${entry}/name`)) ?? 'without a name';
    const isTaken = await files.exists(`${BUS}/${entry}/driver`);
    claimed.push(`0x${address} ${name}${isTaken ? '' : ' (no driver)'}`);
  }
  return claimed;
}

async function seenOf(files: FilesPort, { bus, name, claimed }: Bus): Promise<Seen> {
  const device = `/dev/${bus}`;
  const count = claimed.length === 1 ? '1 kernel device' : `${claimed.length} kernel devices`;
  const what = claimed.length === 0 ? 'bus is on, no kernel devices' : `bus is on, ${count}: ${claimed.join(', ')}`;
  const report = { group: bus, what, source: `${BUS}/${bus}` };
  if (!(await files.exists(device))) {
    return { ...report, why: `there is no ${device}: the module i2c-dev is not loaded`, fix: 'sudo modprobe i2c-dev' };
  }
  if (!(await files.readable(device))) {
    const why = `this user may not open ${device}: the group i2c may`;
    return { ...report, why, fix: 'sudo usermod -aG i2c $USER', code: 'HB102' };
  }
  return { ...report, why: `adapter ${name}; addresses without a kernel driver are not probed` };
}
