import { HanbusError } from '../../kit/errors.ts';
import { ROOT } from '../../schemes/topics.ts';
import { askList } from '../ask.ts';
import { filterList } from '../glob.ts';
import { noSuchPoint } from '../no-such-point.ts';
import { Rate, readRate } from '../rate.ts';
import type { Call, Verb } from '../verb.ts';
import { WatchView } from '../watch-view.ts';

export const verb: Verb = {
  name: 'watch',
  summary: 'live values and devices that come and go',
  group: 'look',
  first: 5,
  arguments: [{ name: 'glob', about: 'only these, such as air or *.temperature', completes: 'point' }],
  options: [
    { flags: '--rate <rate>', about: 'at most so many values, such as 10/s; or all. Default 20/s, with --json all' },
    { flags: '--raw', about: 'topics and payloads as they are, of everything on the bus' },
  ],
  examples: [
    { line: 'hanbus watch', about: 'everything of this node' },
    { line: "hanbus watch '*.temperature'", about: 'every temperature' },
    { line: 'hanbus watch --raw', about: 'what an MQTT client would see' },
  ],
  contract: 'watch',
  async run(call) {
    const { world, options, globals } = call;
    const limit = readRate(options.rate, globals.json ? undefined : 20);
    const stop = new AbortController();
    const release = world.onSignal(() => stop.abort());
    const rate = new Rate(limit, world.clock, (count) => tellDropped(call, count));
    try {
      await follow(call, rate, AbortSignal.any([stop.signal, world.stdout.closed]));
    } finally {
      rate.end();
      release();
    }
    if (world.stdout.closed.aborted) return 0;
    if (stop.signal.aborted) return 130;
    throw new HanbusError('HB153', 'the node has stopped', { fix: 'hanbus up' });
  },
};

async function follow(call: Call, rate: Rate, signal: AbortSignal): Promise<void> {
  const { words, globals, screen } = call;
  const door = await call.door();
  const list = await askList(door);
  const [glob] = words;
  if (glob !== undefined && filterList(list, glob).length === 0) throw noSuchPoint(glob, list);
  screen.note(screen.tint('dim', `Watching ${list.node}; Ctrl-C ends it.`));
  const view = new WatchView(call, list, () => askList(door));
  const isPlain = globals.json || call.options.raw === true;
  const listen = async (filter: string): Promise<void> => {
    for await (const line of door.stream(filter, { retained: false, signal })) {
      if (isDropped(line)) tellDropped(call, line.dropped);
      else if (isPlain) view.raw(line, rate);
      else await view.show(line, rate);
    }
  };
  await Promise.all(filtersOf(call, list.node).map(listen));
}

/** People see envelopes: they have the unit, and tell also when only the quality has changed. */
function filtersOf({ options, globals }: Call, node: string): readonly string[] {
  if (options.raw === true) return ['#'];
  if (globals.json) return [`${ROOT}/${node}/+/+`];
  return [`${ROOT}/${node}/+/+/$v`, `${ROOT}/${node}/+/$state`];
}

function isDropped(line: unknown): line is { readonly dropped: number } {
  return typeof line === 'object' && line !== null && 'dropped' in line && typeof line.dropped === 'number';
}

/** Never dropped in silence. */
function tellDropped({ globals, screen }: Call, count: number): void {
  if (globals.json) screen.json({ hanbus: 'watch/1', dropped: count });
  else screen.note(screen.tint('dim', `          ${count} more not shown; all of them: hanbus watch --rate all`));
}
