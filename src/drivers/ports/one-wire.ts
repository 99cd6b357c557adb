import { promises } from 'node:fs';
import { type Clock, sleep } from '../../kit/clock.ts';
import { systemCode, Unavailable } from '../../kit/errors.ts';
import { InTurn } from '../../kit/in-turn.ts';
import type { FilesPort, OneWirePort } from './ports.ts';

export interface OneWireWorld {
  readonly files: FilesPort;
  readonly clock: Clock;
  /** Writes a kernel attribute; throws Unavailable when this process may not. */
  write(path: string, text: string): Promise<void>;
}

/** Writes a kernel attribute of this machine. */
export async function writeAttribute(path: string, text: string): Promise<void> {
  try {
    await promises.writeFile(path, text, { flag: 'r+' });
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new Unavailable(`cannot write ${path}: ${code}`, { cause: error });
  }
}

/** What is known of one bus master. */
interface Bus {
  readonly turns: InTurn;
  /** Thermometers whose value of the last common measurement has not been read, and when that was. */
  waiting: Set<string>;
  measuredAt: number;
  /** False after the kernel refused a common measurement: only root may ask for one. */
  mayTrigger: boolean;
}

/** The kernel keeps a measured value for ever; older than this it is not the temperature of now. */
const FRESH_MS = 10_000;
const POLL_MS = 50;
const MEASURE_MS = 2_000;

/**
 * Thermometers by the kernel's w1_therm. One probe measures for 750 ms and holds a thread of the process as long, so the
 * readers of a bus queue up, and where `therm_bulk_read` is there (Linux 5.8) one measurement serves all of them.
 */
export function makeOneWirePort(world: OneWireWorld): OneWirePort {
  const buses = new Map<string, Bus>();
  return {
    temperature: async (folder, signal) => {
      const master = await masterOf(world.files, folder);
      const bus = buses.get(master) ?? { turns: new InTurn(), waiting: new Set(), measuredAt: 0, mayTrigger: true };
      buses.set(master, bus);
      return await bus.turns.run(() => readOne({ world, bus, master }, folder, signal));
    },
  };
}

/** The real folder of a device stands in that of its master. */
async function masterOf(files: FilesPort, folder: string): Promise<string> {
  const real = (await files.link(folder)) ?? folder;
  return real.slice(0, real.lastIndexOf('/'));
}

interface Turn {
  readonly world: OneWireWorld;
  readonly bus: Bus;
  readonly master: string;
}

async function readOne(turn: Turn, folder: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const { bus, world } = turn;
  const id = folder.slice(folder.lastIndexOf('/') + 1);
  const isFresh = bus.waiting.has(id) && world.clock.mono() - bus.measuredAt < FRESH_MS;
  if (!isFresh && bus.mayTrigger) await measureAll(turn, signal);
  bus.waiting.delete(id);
  return await world.files.text(`${folder}/temperature`, signal);
}

async function measureAll({ world, bus, master }: Turn, signal: AbortSignal): Promise<void> {
  const { files, clock } = world;
  const trigger = `${master}/therm_bulk_read`;
  const probes = (await files.list(master)).filter((name) => /^(?:10|22|28|3b|42)-[0-9a-f]{12}$/.test(name));
  if (probes.length < 2 || !(await files.exists(trigger))) return;
  try {
    // The kernel counts the characters: word and newline.
    await world.write(trigger, 'trigger\n');
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    bus.mayTrigger = false;
    return;
  }
  const end = clock.mono() + MEASURE_MS;
  while ((await files.text(trigger, signal)) === '-1' && clock.mono() < end) await sleep(clock, POLL_MS, signal);
  bus.measuredAt = clock.mono();
  bus.waiting = new Set(probes);
}
