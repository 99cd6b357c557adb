import { Unavailable } from '../../kit/errors.ts';
import type { PointSpec } from '../../schemes/point.ts';
import type { OpenInput, Sample } from '../driver.ts';
import type { FilesPort, Ports } from '../ports/ports.ts';
import { numberIn, plainWords, rounded } from './attribute.ts';

export const ONE_WIRE_DEVICES = '/sys/bus/w1/devices';

/** `28-0316a2794cff` of the place `1wire:28-0316a2794cff`. */
export function probeId(at: string): string {
  return at.replace(/^1wire:/, '');
}

/** The point that every 1-Wire thermometer has. */
export function temperaturePoint(low: number, high: number) {
  return {
    temperature: {
      type: 'number',
      unit: '°C',
      range: [low, high],
      decimals: 2,
      deviceClass: 'temperature',
      deadband: 0.1,
    },
  } as const satisfies Readonly<Record<string, PointSpec>>;
}

/** Converts within 750 ms at 12 bits; several probes of one bus wait for each other. */
export const THERMOMETER_DEADLINE = '5s';

/** What the chip says after power-on, before it has measured. */
const POWER_ON = 85;
const NEAR = 10;

/**
 * Whether a value is a measurement. 85 °C is also the value after power-on, and a probe that lost power for a moment
 * says it with a correct checksum. So it counts only when the last good value was near it: a boiler comes to 85 through
 * 84 and 86, a fridge does not. Without a good value before there is nothing to compare with, and it waits for a neighbour.
 * -127 °C is the customary mark of "not connected" and outside every probe's range.
 */
export function judged(celsius: number, lastGood: number | undefined): Sample {
  if (celsius === POWER_ON && (lastGood === undefined || Math.abs(lastGood - POWER_ON) > NEAR)) {
    return { quality: 'bad', why: '85 °C is what the probe says after power-on, before it has measured' };
  }
  if (celsius <= -127) return { quality: 'bad', why: 'the probe is not connected' };
  return celsius;
}

/**
 * The text of the old `w1_slave` file in °C. Two lines: nine bytes with `crc=a1 YES`, then the bytes with `t=21437`.
 * Throws Unavailable for a wrong checksum, which trying again mends.
 */
export function parseSlave(text: string): number {
  const [bytes = '', second = ''] = text.split('\n');
  if (!/ YES$/.test(bytes.trim())) throw new Unavailable('the checksum of the probe is wrong; check the cable');
  // Nine zero bytes have a correct checksum: the wire is shorted to ground.
  if (/^(?:00 ){9}/.test(bytes)) throw new Unavailable('the probe says only zeros: the wire is shorted to ground');
  const milli = numberIn(/t=(-?\d+)$/.exec(second.trim())?.[1]);
  if (milli === undefined) throw new Unavailable('the probe gave no temperature');
  return milli / 1000;
}

/** Reads a thermometer of the kernel's w1_therm driver by its place. */
export async function openThermometer(at: string, ports: Ports): Promise<OpenInput<'temperature'>> {
  const folder = `${ONE_WIRE_DEVICES}/${probeId(at)}`;
  if (!(await ports.files.exists(folder))) throw new Unavailable(`${at} is not on the bus`);
  let lastGood: number | undefined;
  return {
    read: async (signal) => {
      const sample = judged(rounded(await celsius(ports, folder, signal), 4), lastGood);
      if (typeof sample === 'number') lastGood = sample;
      return { temperature: sample };
    },
    close: async () => undefined,
  };
}

async function celsius(ports: Ports, folder: string, signal: AbortSignal): Promise<number> {
  const { files } = ports;
  // Since Linux 5.8. An empty file is the kernel's way to say that the checksum was wrong.
  if (!(await files.exists(`${folder}/temperature`))) return parseSlave(await files.text(`${folder}/w1_slave`, signal));
  const text = await converted(ports, folder, signal);
  const milli = numberIn(text);
  if (milli === undefined) throw new Unavailable(`the probe gave "${plainWords(text)}" and no temperature`);
  return milli / 1000;
}

/** Through the port where there is one: it lets all probes of a bus measure at once and reads them one after another. */
async function converted({ files, oneWire }: Ports, folder: string, signal: AbortSignal): Promise<string> {
  const path = `${folder}/temperature`;
  return oneWire === undefined ? await files.text(path, signal) : await oneWire.temperature(folder, signal);
}

/** Bytes of a register file, which the kernel gives raw: `state` and `output` of a DS2408. */
export async function registerByte(files: FilesPort, path: string, signal: AbortSignal): Promise<number> {
  const [byte] = await files.bytes(path, signal);
  if (byte === undefined) throw new Unavailable(`${path} is empty: the chip did not answer`);
  return byte;
}
