import { labelAttribute } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';
import { isRaspberry, turnOn } from './raspberry.ts';

const CLASS = '/sys/class/spi_master';
const BUS = '/sys/bus/spi/devices';

export const agent: Agent = {
  name: 'spi',
  summary: 'SPI buses, their chip selects and which driver has each.',
  async interrogate({ ports: { files } }) {
    const buses = (await files.list(CLASS)).filter((name) => /^spi\d+$/.test(name));
    const devices = await files.list(BUS);
    const seen: Seen[] = [];
    for (const bus of buses) {
      const own = devices.filter((name) => name.startsWith(`${bus}.`));
      for (const device of own) seen.push(await deviceOf(files, bus, device));
      if (own.length === 0) {
        seen.push({
          group: bus,
          what: 'bus is on, no devices',
          source: `${CLASS}/${bus}`,
          why: 'no chip select is set up',
        });
      }
    }
    // The SPI bus of a Pi's own flash (10 and above) says nothing about the header.
    const hasHeader = buses.some((bus) => /^spi[0-6]$/.test(bus));
    if (!hasHeader && (await isRaspberry(files))) seen.push(await switchedOff(files));
    return { found: [], seen };
  },
};

async function switchedOff(files: FilesPort): Promise<Seen> {
  const fix = await turnOn(files, { verb: 'do_spi', line: 'dtparam=spi=on' });
  const why = 'the board starts without its SPI bus; only needed for chips on pins 19 to 26';
  return { group: 'spi0', what: 'off', source: CLASS, why, fix };
}

async function deviceOf(files: FilesPort, bus: string, device: string): Promise<Seen> {
  const source = `${BUS}/${device}`;
  const name = ((await labelAttribute(files, `${source}/modalias`)) ?? 'without a name').replace(/^spi:/, '');
  const driver = (await files.link(`${source}/driver`))?.split('/').pop();
  const node = `/dev/spidev${device.slice('spi'.length)}`;
  const report = { group: bus, source, what: `${device} ${driver === 'spidev' ? 'free' : name}` };
  if (driver === undefined) return { ...report, why: 'no driver has taken it' };
  if (driver !== 'spidev') return { ...report, why: `the kernel driver ${driver} has it` };
  if ((await files.exists(node)) && !(await files.readable(node))) {
    const why = `this user may not open ${node}: the group spi may`;
    return { ...report, why, fix: 'sudo usermod -aG spi $USER', code: 'HB102' };
  }
  return { ...report, why: `${node}: an SPI chip cannot be recognised, a scheme has to name it` };
}
