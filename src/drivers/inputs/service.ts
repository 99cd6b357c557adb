import { OptionsError, Unavailable } from '../../kit/errors.ts';
import { text } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { type DriverContext, defineInput } from '../driver.ts';
import { numberIn } from '../parse/attribute.ts';
import { plausible } from '../parse/plausible.ts';

type Programs = DriverContext['ports']['process'];

const points = {
  active: { type: 'boolean', deviceClass: 'running', diagnostic: true, about: 'The unit runs' },
  state: {
    type: 'enum',
    values: ['active', 'activating', 'deactivating', 'failed', 'inactive', 'maintenance', 'refreshing', 'reloading'],
    diagnostic: true,
    about: 'State of the unit',
  },
  restarts: {
    type: 'number',
    range: [0, 4_294_967_295],
    decimals: 0,
    stateClass: 'total_increasing',
    diagnostic: true,
    about: 'Times that systemd has restarted it',
  },
  memory: {
    type: 'number',
    unit: 'MB',
    range: [0, 100_000_000],
    deviceClass: 'data_size',
    diagnostic: true,
    about: 'Memory of all its processes',
  },
} as const satisfies Points;

const PROPERTIES = '--property=ActiveState,SubState,LoadState,NRestarts,MemoryCurrent,Description';
/** Characters of unit names, systemd.unit(5); a leading `-` would be an option. */
const UNIT = /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,254}$/;

/** Source: systemctl(1), org.freedesktop.systemd1(5). */
export const driver = defineInput({
  kind: 'service',
  summary: 'State, restarts and memory of a systemd unit.',
  options: { unit: text('Name of the unit: `ssh`, `mosquitto.service`, `backup.timer`.') },
  points,
  every: '30s',
  example: { unit: 'ssh' },
  async open({ unit }, { ports: { process } }) {
    if (!UNIT.test(unit)) throw new OptionsError(`"${unit}" cannot be the name of a systemd unit`);
    const name = /\.[a-z]+$/.test(unit) ? unit : `${unit}.service`;
    return {
      read: async (signal) => {
        const facts = await show(process, name, signal);
        const state = facts.get('ActiveState');
        const bytes = numberIn(facts.get('MemoryCurrent'));
        return plausible(points, {
          active: state === undefined ? undefined : state === 'active' || state === 'reloading',
          state,
          restarts: numberIn(facts.get('NRestarts')),
          memory: bytes === undefined ? undefined : bytes / 1_000_000,
        });
      },
      close: async () => undefined,
    };
  },
});

async function show(process: Programs, unit: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { code, out, err } = await process.run('systemctl', ['show', PROPERTIES, '--', unit], signal);
  if (code !== 0) throw new Unavailable(`systemctl does not answer: ${err.trim().slice(0, 200)}`);
  const facts = new Map<string, string>();
  for (const line of out.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) facts.set(line.slice(0, equals), line.slice(equals + 1));
  }
  if (facts.get('LoadState') === 'not-found') throw new Unavailable(`systemd has no unit ${unit}`);
  return facts;
}
