import type { DeviceAnswer, PointAnswer } from '../../schemes/contracts.ts';
import { askList } from '../ask.ts';
import { columns, cut } from '../columns.ts';
import { filterList } from '../glob.ts';
import { deviceMark, qualityText } from '../marks.ts';
import { noSuchPoint } from '../no-such-point.ts';
import type { Screen } from '../screen.ts';
import { counted, spanText } from '../spans.ts';
import type { Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'ls',
  summary: 'devices and points with value, unit, age and quality',
  group: 'look',
  first: 3,
  arguments: [
    { name: 'glob', about: 'a device, a point, or a pattern such as air.* or *.temperature', completes: 'point' },
  ],
  options: [{ flags: '--long', about: 'also kind, place, source and topic' }],
  examples: [
    { line: 'hanbus ls', about: 'everything' },
    { line: "hanbus ls '*.temperature'", about: 'every temperature' },
    { line: 'hanbus ls board --long', about: 'one device with its topics' },
  ],
  contract: 'list',
  async run({ words: [glob], options, globals, screen, door }) {
    const list = await askList(await door());
    const devices = glob === undefined ? list.devices : filterList(list, glob);
    if (glob !== undefined && devices.length === 0) throw noSuchPoint(glob, list);
    if (globals.json) screen.json({ ...list, devices });
    else for (const line of treeLines(list.node, devices, screen, options.long === true)) screen.out(line);
    return 0;
  },
};

function treeLines(node: string, devices: readonly DeviceAnswer[], screen: Screen, long: boolean): string[] {
  const points = devices.reduce((sum, device) => sum + device.points.length, 0);
  const title = `${screen.tint('bold', node)} · ${counted(devices.length, 'device')} · ${counted(points, 'point')}`;
  if (devices.length === 0) return [title, '', 'Nothing yet. Plug something in, then: hanbus scan'];
  const widest = Math.max(...devices.flatMap((device) => device.points.map(({ name }) => name.length)), 0);
  return [title, ...devices.flatMap((device) => deviceLines(device, screen, long, widest))];
}

function deviceLines(device: DeviceAnswer, screen: Screen, long: boolean, widest: number): string[] {
  const { name, kind, about, state, why } = device;
  const trouble = state === 'ready' ? '' : `  ${state}${why === undefined ? '' : `: ${why}`}`;
  const head = `${deviceMark(state, screen)} ${screen.tint('bold', name)}  ${screen.tint('dim', about ?? kind)}${trouble}`;
  const rows = device.points.map((point) => pointRow(point, screen, long, widest));
  return [head, ...(long ? longLines(device) : []), ...columns(rows, ['left', 'left', 'right'])];
}

function longLines({ kind, at, origin, provenance }: DeviceAnswer): string[] {
  const from = origin === 'file' ? 'from the scheme' : 'found by the harvest';
  return [`    ${kind} at ${at}, ${from}`, `    ${provenance.why} (${provenance.source})`];
}

function pointRow(point: PointAnswer, screen: Screen, long: boolean, widest: number): string[] {
  const { name, text, ageMs, topic } = point;
  const age = ageMs === undefined ? '' : spanText(ageMs);
  const row = [`    ${name.padEnd(widest)}`, cut(text, 40).padEnd(12), screen.tint('dim', age.padStart(6))];
  const doubt = qualityText(point);
  if (long) row.push(topic);
  return doubt === '' ? row : [...row, screen.tint('yellow', doubt)];
}
