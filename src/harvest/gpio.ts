import { attribute, numberIn } from '../drivers/parse/attribute.ts';
import type { FilesPort, GpioChip, GpioLine, Ports } from '../drivers/ports/ports.ts';
import { Unavailable } from '../kit/errors.ts';
import type { Seen } from '../schemes/found.ts';
import type { Agent } from './agent.ts';

/** Chips with the 40 pins of a Raspberry Pi; lines 2 to 27 are on the header. */
const HEADER_CHIPS = /^pinctrl-(?:bcm2835|bcm2711|rp1)$/;
const HEADER_LINES: readonly [number, number] = [2, 27];

export const agent: Agent = {
  name: 'gpio',
  summary: 'GPIO chips: how many lines are free and who uses the others. No line is ever requested.',
  async interrogate({ ports }) {
    const devices = (await ports.files.list('/dev')).filter((name) => /^gpiochip\d+$/.test(name));
    const seen: Seen[] = [];
    const labels = new Set<string>();
    for (const device of devices) {
      const { report, label } = await chipOf(ports, device);
      // On a Pi 5 with an older kernel one chip has two names.
      if (label === undefined || !labels.has(label)) seen.push(report);
      if (label !== undefined) labels.add(label);
    }
    return { found: [], seen };
  },
};

interface Answer {
  readonly report: Seen;
  readonly label?: string;
}

async function chipOf({ files, gpio }: Ports, device: string): Promise<Answer> {
  try {
    const chip = await gpio.chip(device);
    return { report: seenOf(chip), label: chip.label };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const { code, fix, message } = error;
    const facts = { ...(fix === undefined ? {} : { fix }), ...(code === 'HB141' ? {} : { code }) };
    const what = await factsOf(files, device);
    return { report: { group: 'gpio', what, source: `/dev/${device}`, why: message, ...facts } };
  }
}

function seenOf(chip: GpioChip): Seen {
  const isHeader = HEADER_CHIPS.test(chip.label);
  const [first, last] = HEADER_LINES;
  const lines = isHeader ? chip.lines.filter(({ offset }) => offset >= first && offset <= last) : chip.lines;
  const used = lines.filter((line) => line.used);
  const why = used.length === 0 ? 'no line is used' : `used: ${used.map(userOf).join(', ')}`;
  const free = `${lines.length - used.length} free`;
  return {
    group: 'gpio',
    what: isHeader ? free : `${chip.label}: ${free} of ${lines.length}`,
    source: `/dev/${chip.device} (${chip.label})`,
    why: isHeader ? `${why}; no pin is touched before a scheme names it` : why,
  };
}

function userOf({ name, offset, consumer }: GpioLine): string {
  const line = name === '' ? `line ${offset}` : name;
  return consumer === '' ? `${line} by the kernel` : `${line} by ${consumer}`;
}

/** What sysfs tells of a chip when its device may not be opened. */
async function factsOf(files: FilesPort, device: string): Promise<string> {
  const folder = `/sys/bus/gpio/devices/${device}`;
  const real = await files.link(folder);
  const parent = real?.slice(0, real.lastIndexOf('/'));
  for (const old of await files.list('/sys/class/gpio')) {
    const place = `/sys/class/gpio/${old}`;
    if (parent === undefined || !/^gpiochip\d+$/.test(old)) continue;
    const hasSameParent =
      (await files.link(`${place}/device`)) === parent || (await files.link(`${place}/device`)) === real;
    const label = await attribute(files, `${place}/label`);
    const count = numberIn(await attribute(files, `${place}/ngpio`));
    if (hasSameParent && label !== undefined && count !== undefined) return `${device} ${label}, ${count} lines`;
  }
  return device;
}
