import { readdir } from 'node:fs/promises';
import { type Clock, makeSystemClock } from '../../kit/clock.ts';
import { OptionsError, reasonOf, systemCode, Unavailable } from '../../kit/errors.ts';
import { errnoName } from './errno.ts';
import { type FoundLine, findLine } from './find-line.ts';
import type { GpioLinesPort, LineRequest, LineWatcher, OpenLine } from './gpio-line.ts';
import {
  asIsRequest,
  EVENT_BYTES,
  GPIO_V2_GET_LINE,
  GPIO_V2_LINE_GET_VALUES,
  GPIO_V2_LINE_SET_VALUES,
  isActive,
  lineFd,
  lineRequest,
  lineValues,
  parseEvents,
} from './gpio-request-structs.ts';
import { type Ioctl, loadIoctl } from './ioctl.ts';
import { LineWatch } from './line-watch.ts';
import { closeFd, openDevice, openPollable, type Pollable, type PollableHeard } from './pollable.ts';
import type { GpioChipsPort } from './ports.ts';

export interface GpioLinesWorld {
  readonly chips: GpioChipsPort;
  readonly clock: Clock;
  loadIoctl(): Promise<Ioctl>;
  /** The names in /dev. */
  devices(): Promise<readonly string[]>;
  open(path: string): Promise<number>;
  close(fd: number): Promise<void>;
  poll(fd: number, heard: PollableHeard): Pollable;
}

/** The lines of this machine by the character device: a line that is requested belongs to this process until it is closed. */
export function makeGpioLinesPort(chips: GpioChipsPort, world: Partial<GpioLinesWorld> = {}): GpioLinesPort {
  const whole: GpioLinesWorld = { ...machine, clock: makeSystemClock(), ...world, chips };
  return { request: async (request) => await openLine(whole, request) };
}

const machine = {
  loadIoctl,
  devices: async () => await readdir('/dev'),
  open: openDevice,
  close: closeFd,
  poll: openPollable,
};

async function openLine(world: GpioLinesWorld, request: LineRequest): Promise<OpenLine> {
  const ioctl = await world.loadIoctl();
  const found = await findLine(world.chips, await world.devices(), request.line);
  const initial = request.initial ?? 'keep';
  const isOn = initial === 'keep' ? await presentValue(world, ioctl, { found, request }) : initial;
  const fd = await requestFd(world, ioctl, { found, bytes: lineRequest(found.offset, request, isOn), request });
  return new RealLine(world, { ioctl, fd, line: request.line });
}

interface Wish {
  readonly found: FoundLine;
  readonly request: LineRequest;
}

/** What an output drives now, asked by taking the line as it is for a moment: that changes neither direction nor level. */
async function presentValue(world: GpioLinesWorld, ioctl: Ioctl, { found, request }: Wish): Promise<boolean> {
  if (request.direction === 'in' || found.direction === 'in') return false;
  const bytes = asIsRequest(found.offset, request);
  const fd = await requestFd(world, ioctl, { found, bytes, request });
  try {
    const values = lineValues(false);
    check(ioctl(fd, GPIO_V2_LINE_GET_VALUES, values), request.line);
    return isActive(values);
  } finally {
    await world.close(fd);
  }
}

async function requestFd(
  world: GpioLinesWorld,
  ioctl: Ioctl,
  { found, bytes, request }: Wish & { readonly bytes: Uint8Array },
): Promise<number> {
  const path = `/dev/${found.device}`;
  const chip = await world.open(path).catch((error: unknown) => {
    throw new Unavailable(`cannot open ${path}: ${systemCode(error) ?? reasonOf(error)}`, { cause: error });
  });
  try {
    check(ioctl(chip, GPIO_V2_GET_LINE, bytes), request.line, found.consumer);
  } finally {
    await world.close(chip);
  }
  return lineFd(bytes);
}

function check(failed: number, line: string, consumer = ''): void {
  if (failed === 0) return;
  const name = errnoName(failed);
  if (name === 'EBUSY') {
    const who = consumer === '' ? 'the kernel or another program' : consumer;
    throw new Unavailable(`${line} is used by ${who}`, { code: 'HB104', fix: 'hanbus scan' });
  }
  if (name === 'EINVAL' || name === 'EOPNOTSUPP') {
    throw new OptionsError(`${line} cannot do this: its chip has no such resistor, filter or direction`);
  }
  throw new Unavailable(`${line} does not answer: ${name === 'ENODEV' ? 'its chip is gone' : name}`);
}

interface Open {
  readonly ioctl: Ioctl;
  readonly fd: number;
  readonly line: string;
}

class RealLine implements OpenLine {
  readonly #world: GpioLinesWorld;
  readonly #open: Open;
  #pollable: Pollable | undefined;
  #watch: LineWatch | undefined;
  #isClosed = false;

  constructor(world: GpioLinesWorld, open: Open) {
    this.#world = world;
    this.#open = open;
  }

  async read(): Promise<boolean> {
    const values = lineValues(false);
    this.#ask(GPIO_V2_LINE_GET_VALUES, values);
    return isActive(values);
  }

  async write(active: boolean): Promise<void> {
    this.#ask(GPIO_V2_LINE_SET_VALUES, lineValues(active));
  }

  watch(watcher: LineWatcher): void {
    const { fd, line } = this.#open;
    const watch = new LineWatch(this.#world.clock, watcher);
    let rest = new Uint8Array();
    let seqno = 0;
    this.#watch = watch;
    this.#pollable = this.#world.poll(fd, {
      bytes: (bytes) => {
        const all = new Uint8Array([...rest, ...bytes]);
        const whole = all.length - (all.length % EVENT_BYTES);
        rest = all.slice(whole);
        const news = parseEvents(all.subarray(0, whole), seqno);
        seqno = news.seqno;
        for (const edge of news.edges) watch.edge(edge);
      },
      end: (error) => watch.fail(new Unavailable(`${line} is gone`, error === undefined ? {} : { cause: error })),
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch?.end();
    if (this.#pollable === undefined) await this.#world.close(this.#open.fd);
    else await this.#pollable.close();
  }

  #ask(request: number, bytes: Uint8Array): void {
    const { ioctl, fd, line } = this.#open;
    if (this.#isClosed) throw new Unavailable(`${line} was closed`);
    check(ioctl(fd, request, bytes), line);
  }
}
