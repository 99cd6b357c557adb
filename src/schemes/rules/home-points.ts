import type { PointSpec, Points } from '../point.ts';

/** What is known of the home when rules are read: by `check` from the scheme, by the node from every `$meta`. */
export interface HomePoints {
  /** Name of this node. */
  readonly node: string;
  /** By `node.device`; undefined: the device is there, but its points are not known before it is open. */
  readonly devices: ReadonlyMap<string, Points | undefined>;
  /** Names of the other nodes that are known. */
  readonly peers: readonly string[];
  /** A name that nothing has: the rule waits for it (it may be plugged in later), or it is refused. */
  readonly unknown: 'refuse' | 'wait';
}

/** The point that a device is called by: its only one, or `state`; for commands the only one that takes them. */
export function chiefPoint(points: Points, settable: boolean): string | undefined {
  const names = Object.keys(points).filter((name) => !settable || points[name]?.settable === true);
  return names.length === 1 ? names[0] : names.find((name) => name === 'state');
}

/** How a person would write a point here: without the own node, and short when its device has just one. */
export function shortName(home: HomePoints, full: string): string {
  const [node, device, point] = full.split('.');
  if (node === undefined || device === undefined || point === undefined) return full;
  const points = home.devices.get(`${node}.${device}`);
  const single = points !== undefined && Object.keys(points).length === 1;
  const name = single ? device : `${device}.${point}`;
  return node === home.node ? name : `${node}.${name}`;
}

/** Every point with its full name. */
export function everyPoint({ devices }: HomePoints): readonly (readonly [string, PointSpec])[] {
  return [...devices].flatMap(([device, points]) =>
    Object.entries(points ?? {}).map(([point, spec]) => [`${device}.${point}`, spec] as const),
  );
}

export function specOf(home: HomePoints, full: string): PointSpec | undefined {
  const end = full.lastIndexOf('.');
  const points = home.devices.get(full.slice(0, end));
  const point = full.slice(end + 1);
  return points !== undefined && Object.hasOwn(points, point) ? points[point] : undefined;
}
