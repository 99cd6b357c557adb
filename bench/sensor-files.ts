import type { FilesPort } from '../src/drivers/ports/ports.ts';
import { Unavailable } from '../src/kit/errors.ts';

/** Temperatures of each simulated chip. */
const INPUTS = 10;
const CLASS = '/sys/class/hwmon';

/**
 * A machine in memory with so many hardware monitors, ten temperatures each; every reading differs from the last.
 * What is measured is hanbus, not the file system of this machine.
 */
export function sensorFiles(chips: number): FilesPort {
  const names = new Map([[CLASS, Array.from({ length: chips }, (_, chip) => `hwmon${chip}`)]]);
  const files = new Map<string, () => string>();
  for (let chip = 0; chip < chips; chip += 1) {
    const folder = `${CLASS}/hwmon${chip}`;
    const texts = chipFiles(chip);
    names.set(folder, Object.keys(texts).sort());
    for (const [name, text] of Object.entries(texts)) files.set(`${folder}/${name}`, text);
  }
  const text = async (path: string): Promise<string> => {
    const read = files.get(path);
    if (read === undefined) throw new Unavailable(`${path} is not there`);
    return read();
  };
  return {
    text,
    bytes: async (path) => Buffer.from(await text(path)),
    list: async (path) => names.get(path) ?? [],
    exists: async (path) => files.has(path) || names.has(path),
    readable: async (path) => files.has(path),
    link: async (path) => (files.has(path) || names.has(path) ? path : undefined),
    space: async (path) => {
      throw new Unavailable(`${path} is on no file system`);
    },
  };
}

function chipFiles(chip: number): Record<string, () => string> {
  const inputs = Array.from({ length: INPUTS }, (_, index) => index + 1);
  let reads = 0;
  const wander = (input: number) => () => {
    reads += 1;
    return String(20_000 + input * 1_000 + ((reads * 37) % 5_000));
  };
  return Object.fromEntries([
    ['name', () => `bench${chip}`],
    ...inputs.map((input) => [`temp${input}_input`, wander(input)] as const),
    ...inputs.map((input) => [`temp${input}_label`, () => `zone ${input}`] as const),
  ]);
}
