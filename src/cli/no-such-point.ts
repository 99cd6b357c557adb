import { HanbusError } from '../kit/errors.ts';
import type { ListAnswer } from '../schemes/contracts.ts';
import { nearest } from '../schemes/near.ts';

/** The error of a name that nothing has, with the nearest name and its value now. */
export function noSuchPoint(asked: string, { devices, node }: ListAnswer): HanbusError {
  const values = new Map<string, string>();
  for (const device of devices) {
    values.set(device.name, '');
    for (const point of device.points) values.set(`${device.name}.${point.name}`, point.text);
  }
  const plain = asked.replaceAll('/', '.');
  const local = plain.startsWith(`${node}.`) ? plain.slice(node.length + 1) : plain;
  const near = nearest(local, [...values.keys()]) ?? sameEnd(local, [...values.keys()]);
  const shown = asked.slice(0, 80);
  if (near === undefined)
    return new HanbusError('HB152', `there is no point or device "${shown}"`, { fix: 'hanbus ls' });
  const value = values.get(near) ?? '';
  const now = value === '' ? '' : ` (${value} now)`;
  return new HanbusError('HB152', `there is no point or device "${shown}". Did you mean ${near}${now}?`, {
    fix: `hanbus ls ${near.split('.')[0]}`,
  });
}

/** `temperature` alone is the end of just one point. */
function sameEnd(asked: string, names: readonly string[]): string | undefined {
  const fitting = names.filter((name) => name.endsWith(`.${asked.split('.').at(-1)}`));
  return fitting.length === 1 ? fitting[0] : undefined;
}
