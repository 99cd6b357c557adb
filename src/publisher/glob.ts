/** A glob from outside must not cost much: each star multiplies the ways to match. */
const MOST_STARS = 3;
const LONGEST = 128;

/** Whether `device.point` is meant by a glob such as `air.*`, `*.temperature`, `air`, `kitchen.air.temperature`. */
export function makeGlob(glob: string | undefined, node: string): (point: string) => boolean {
  if (glob === undefined || glob === '' || glob === '*' || glob === '**') return () => true;
  if (glob.length > LONGEST || glob.split('*').length > MOST_STARS + 1) return () => false;
  const pattern = new RegExp(`^${glob.replace(/[^\w*]/g, '\\$&').replace(/\*+/g, '[^.]*')}$`);
  return (point) => {
    const [device = ''] = point.split('.');
    return [point, device, `${node}.${point}`, `${node}.${device}`].some((name) => pattern.test(name));
  };
}
