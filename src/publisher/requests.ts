import { serveRequests, type Verb } from '../bus/requests.ts';
import type { Clock } from '../kit/clock.ts';
import { withDeadline } from '../kit/deadline.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { ListAnswer, PointAnswer, ReadAnswer } from '../schemes/contracts.ts';
import { type DeviceReport, deviceAnswer, pointAnswer } from './answers.ts';
import type { Device } from './device.ts';
import { makeGlob } from './glob.ts';
import { ORIGIN } from './point-output.ts';
import type { PolicyControl, PolicyWorld } from './policy-control.ts';

export interface RequestWorld extends PolicyWorld {
  readonly clock: Clock;
  readonly control: PolicyControl;
  readonly devices: () => Iterable<Device>;
}

/** A fresh reading takes no longer than this, or the last one is not fresh. */
const READ_MS = 5_000;
const MOST_POINTS = 1_000;

/** The verbs that the publisher answers. */
export const PUBLISHER_VERBS = ['list', 'publish', 'read', 'undo'] as const;

type Args = Readonly<Record<string, unknown>>;

/** Answers the control requests about devices and points, until the returned function is called. */
export function answerRequests(world: RequestWorld): () => void {
  const { bus, node, log, control } = world;
  const verbs: Record<(typeof PUBLISHER_VERBS)[number], Verb> = {
    list: async (args) => listDevices(world, textIn(args, 'glob')),
    publish: async (args) => control.change(needed(args, 'point'), args.set),
    read: async (args) => readPoints(world, pointsIn(args)),
    undo: async (args) => {
      const point = textIn(args, 'point');
      return args.dryRun === true ? control.lastChange(point) : await control.undo(point);
    },
  };
  return serveRequests({ bus, node, origin: ORIGIN, verbs, log });
}

type DeviceList = ListAnswer & { devices: DeviceReport[] };

/** Every device, or those of a glob, with their present values. */
export function listDevices({ node, devices, clock }: RequestWorld, glob?: string): DeviceList {
  const isWanted = makeGlob(glob, node);
  const now = clock.mono();
  const answers = [...devices()].flatMap((device) => deviceAnswer(device, now, isWanted) ?? []);
  return { hanbus: 'list/1', node, devices: answers.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

type Fresh = ReadAnswer['readings'][number];

/** One device with the points of it that were asked for. */
interface Asked {
  readonly device: Device;
  readonly names: readonly string[];
}

/** A fresh reading of each point; one device that cannot be read spoils only its own. Throws when none can. */
async function readPoints(world: RequestWorld, globs: readonly string[]): Promise<ReadAnswer> {
  const asked = askedFor(world, globs);
  const tries = await Promise.all(asked.map((one) => readDevice(world.clock, one)));
  const [first] = tries;
  if (first?.error !== undefined && tries.every(({ error }) => error !== undefined)) throw first.error;
  return { hanbus: 'read/1', node: world.node, readings: tries.flatMap(({ readings }) => readings) };
}

function askedFor({ node, devices }: RequestWorld, globs: readonly string[]): readonly Asked[] {
  const unused = new Set(globs);
  const wanted = globs.map((glob) => ({ glob, isWanted: makeGlob(glob, node) }));
  const isAsked = (point: string) => {
    const hits = wanted.filter(({ isWanted }) => isWanted(point));
    for (const { glob } of hits) unused.delete(glob);
    return hits.length > 0;
  };
  const asked = [...devices()].map((device) => {
    const names = device.points.map(({ name }) => name);
    return { device, names: names.filter((name) => isAsked(`${device.plan.name}.${name}`)) };
  });
  const [missing] = unused;
  if (missing !== undefined) throw new HanbusError('HB152', `there is no point "${missing}"`, { fix: 'hanbus ls' });
  return asked.filter(({ names }) => names.length > 0);
}

async function readDevice(clock: Clock, { device, names }: Asked): Promise<{ readings: Fresh[]; error?: unknown }> {
  const answers = (): Fresh[] =>
    names.flatMap((name) => {
      const running = device.point(name);
      return running === undefined
        ? []
        : [{ ...pointAnswer(running, clock.mono()), point: `${device.plan.name}.${name}` }];
    });
  try {
    await withDeadline(clock, READ_MS, () => device.readNow());
    return { readings: answers() };
  } catch (error) {
    return { readings: answers().map((reading) => ({ ...reading, ...staleFor(reading, error) })), error };
  }
}

/** A value that is not fresh must not look so. */
function staleFor({ quality }: PointAnswer, error: unknown): Pick<PointAnswer, 'quality' | 'why'> {
  return { quality: quality === 'good' ? 'stale' : quality, why: reasonOf(error) };
}

function badArgument(name: string, wanted: string, example: string): HanbusError {
  return new HanbusError('HB158', `"${name}" must be ${wanted}`, { fix: example });
}

function textIn(args: Args, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || typeof value === 'string') return value;
  throw badArgument(name, 'a text', `{"${name}":"board.load"}`);
}

function needed(args: Args, name: string): string {
  const value = textIn(args, name);
  if (value !== undefined) return value;
  throw badArgument(name, 'given', `{"${name}":"board.load"}`);
}

function pointsIn({ points }: Args): readonly string[] {
  const list = typeof points === 'string' ? [points] : points;
  if (Array.isArray(list) && list.length > 0 && list.length <= MOST_POINTS) {
    const names = list.filter((name) => typeof name === 'string');
    if (names.length === list.length) return names;
  }
  throw badArgument('points', `a list of 1 to ${MOST_POINTS} points`, '{"points":["board.load"]}');
}
