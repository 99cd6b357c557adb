/** Whether `device.point` is meant by a glob such as `air.*`, `*.temperature`, `air`, `kitchen.air.temperature`. */
export function makeGlob(glob: string | undefined, node: string): (point: string) => boolean {
  if (glob === undefined || glob === '' || glob === '*' || glob === '**') return () => true;
  const pattern = new RegExp(`^${glob.replace(/[^\w*]/g, '\\$&').replace(/\*+/g, '[^.]*')}$`);
  return (point) => {
    const [device = ''] = point.split('.');
    return [point, device, `${node}.${point}`, `${node}.${device}`].some((name) => pattern.test(name));
  };
}
