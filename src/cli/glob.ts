import type { DeviceAnswer, ListAnswer } from '../schemes/contracts.ts';

export interface PointName {
  readonly node: string;
  readonly device: string;
  readonly point: string;
}

/**
 * A test for names: `air` and `temperature` name a device or a point, `air.*` and `*.temperature` the points of a
 * device or all of a name, three parts begin with the node. `/` is as good as `.`; `*` is any text within a part,
 * `**` any parts.
 */
export function makeGlob(pattern: string): (name: PointName) => boolean {
  const parts = pattern.replaceAll('/', '.').split('.');
  if (parts.includes('**')) {
    const whole = parts.map(partPattern).join('\\.');
    const deep = new RegExp(`^${whole.replaceAll('[^.]*[^.]*', '.*')}$`);
    return ({ node, device, point }) => deep.test(`${node}.${device}.${point}`) || deep.test(`${device}.${point}`);
  }
  const tests = parts.map((part) => new RegExp(`^${partPattern(part)}$`));
  const fits = (words: readonly string[]) =>
    words.length === tests.length && tests.every((test, index) => test.test(words[index] ?? ''));
  return ({ node, device, point }) =>
    fits([device]) || fits([point]) || fits([device, point]) || fits([node, device]) || fits([node, device, point]);
}

function partPattern(part: string): string {
  return part.replaceAll(/[\\^$+?.()|[\]{}]/g, '\\$&').replaceAll('*', '[^.]*');
}

/** Only the devices and points that match; a device without one goes. */
export function filterList({ devices, node }: ListAnswer, pattern: string): readonly DeviceAnswer[] {
  const glob = makeGlob(pattern);
  return devices
    .map((device) => ({
      ...device,
      points: device.points.filter(({ name }) => glob({ node, device: device.name, point: name })),
    }))
    .filter(({ name, points }) => points.length > 0 || glob({ node, device: name, point: '' }));
}
