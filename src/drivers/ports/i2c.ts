import { type Clock, sleep } from '../../kit/clock.ts';
import { withDeadline } from '../../kit/deadline.ts';
import { systemCode, Unavailable } from '../../kit/errors.ts';
import { InTurn } from '../../kit/in-turn.ts';
import { errnoName } from './errno.ts';
import { addressText } from './i2c-address.ts';
import type { I2cDevice, I2cPlace, I2cPort } from './i2c-bus.ts';
import { type I2cTransfer, loadI2cTransfer } from './i2c-native.ts';
import { closeFd, openDevice } from './pollable.ts';
import type { FilesPort } from './ports.ts';

export interface I2cWorld {
  readonly clock: Clock;
  readonly files: FilesPort;
  load(): Promise<I2cTransfer>;
  open(path: string): Promise<number>;
  close(fd: number): Promise<void>;
}

/** The kernel itself gives up after 1 s; this is for one that does not. */
const DEADLINE_MS = 2_000;
const SYSFS = '/sys/bus/i2c/devices';

/** A bus that is open, for all its devices. */
interface Bus {
  readonly fd: Promise<number>;
  readonly turns: InTurn;
  users: number;
}

/** The I2C buses of this machine. Transfers of a bus queue up; each runs in a thread, so that none stops the process. */
export function makeI2cPort(parts: Pick<I2cWorld, 'clock' | 'files'> & Partial<I2cWorld>): I2cPort {
  const world: I2cWorld = { load: loadI2cTransfer, open: openDevice, close: closeFd, ...parts };
  const buses = new Map<string, Bus>();
  let loaded: Promise<I2cTransfer> | undefined;
  return {
    buses: async () => (await world.files.list('/dev')).filter((name) => /^i2c-\d+$/.test(name)).toSorted(byNumber),
    open: async (place) => {
      await refuseClaimed(world.files, place);
      loaded ??= world.load();
      const transfer = await loaded.catch((error: unknown) => {
        loaded = undefined;
        throw error;
      });
      const bus = useBus(world, buses, place.bus);
      const leave = async () => await leaveBus(world, buses, place.bus);
      try {
        return makeDevice({ world, place, fd: await bus.fd, turns: bus.turns, transfer, leave });
      } catch (error) {
        bus.users -= 1;
        if (bus.users === 0) buses.delete(place.bus);
        throw openError(place.bus, error);
      }
    },
  };
}

const byNumber = (a: string, b: string) => Number(a.slice(4)) - Number(b.slice(4));

/** A chip that a driver of the kernel serves is not spoken to behind its back. */
async function refuseClaimed(files: FilesPort, place: I2cPlace): Promise<void> {
  const folder = `${SYSFS}/${place.bus.slice('i2c-'.length)}-00${place.address.toString(16).padStart(2, '0')}`;
  if (!(await files.exists(`${folder}/driver`))) return;
  const name = await files.text(`${folder}/name`).catch(() => 'a driver');
  throw new Unavailable(`the kernel has ${addressText(place)} (${name})`, { code: 'HB104', fix: 'hanbus scan' });
}

function useBus(world: I2cWorld, buses: Map<string, Bus>, name: string): Bus {
  const bus = buses.get(name) ?? { fd: world.open(`/dev/${name}`), turns: new InTurn(), users: 0 };
  bus.users += 1;
  buses.set(name, bus);
  return bus;
}

async function leaveBus(world: I2cWorld, buses: Map<string, Bus>, name: string): Promise<void> {
  const bus = buses.get(name);
  if (bus === undefined) return;
  bus.users -= 1;
  if (bus.users > 0) return;
  buses.delete(name);
  // A transfer that still runs needs the descriptor.
  await bus.turns.run(async () => await world.close(await bus.fd));
}

function openError(bus: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (code === 'EACCES' || code === 'EPERM') {
    const fix = 'sudo usermod -aG i2c $USER';
    return new Unavailable(`this user may not open /dev/${bus}`, { code: 'HB102', fix, cause: error });
  }
  const why = code === 'ENOENT' ? 'it is not there' : code;
  return new Unavailable(`cannot open /dev/${bus}: ${why}`, { code: 'HB101', cause: error });
}

interface DeviceParts {
  readonly world: I2cWorld;
  readonly place: I2cPlace;
  readonly fd: number;
  readonly turns: InTurn;
  readonly transfer: I2cTransfer;
  readonly leave: () => Promise<void>;
}

function makeDevice({ world, place, fd, turns, transfer, leave }: DeviceParts): I2cDevice {
  let isClosed = false;
  const once = async (bytes: readonly number[], count: number): Promise<Uint8Array> => {
    const { failed, bytes: read } = await transfer(fd, place.address, bytes, count);
    if (failed !== 0) throw transferError(place, errnoName(failed));
    return read;
  };
  return {
    transfer: async (bytes, count = 0, signal) => {
      if (isClosed) throw new Unavailable(`${addressText(place)} was closed`);
      const work = () =>
        turns.run(async () => {
          signal?.throwIfAborted();
          return await once(bytes, count);
        });
      return await withDeadline(world.clock, DEADLINE_MS, work);
    },
    wait: async (ms, signal) => await sleep(world.clock, ms, signal),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await leave();
    },
  };
}

/** What the adapters of the kernel say, in words. Source: Documentation/i2c/fault-codes.rst. */
export function transferError(place: I2cPlace, name: string): Unavailable {
  const where = addressText(place);
  if (name === 'ENXIO' || name === 'EREMOTEIO') {
    return new Unavailable(`nothing answers at ${where}`, { code: 'HB105', fix: `i2cdetect -y ${place.bus.slice(4)}` });
  }
  if (name === 'ETIMEDOUT')
    return new Unavailable(`the bus ${place.bus} hangs: a chip holds its lines`, { code: 'HB143' });
  if (name === 'EBUSY') return new Unavailable(`${where} is used by another program`, { code: 'HB104' });
  if (name === 'EAGAIN') return new Unavailable(`another master has the bus ${place.bus}`);
  return new Unavailable(`the transfer with ${where} failed: ${name}`);
}
