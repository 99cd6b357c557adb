import { Unavailable } from '../../kit/errors.ts';
import { text } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { type DriverContext, defineInput } from '../driver.ts';
import { kilo, makeCounterRates, uptimeSeconds } from '../parse/counter-rates.ts';
import { type Interface, interfaceOf, linkOf, signalOf, trafficOf } from '../parse/interfaces.ts';
import { addressOf } from '../parse/ipv4.ts';
import { plausible } from '../parse/plausible.ts';

type Files = DriverContext['ports']['files'];

const diagnostic = true;
const rate = { type: 'number', unit: 'kB/s', range: [0, 100_000_000], deviceClass: 'data_rate', diagnostic } as const;
const wired = {
  link: { type: 'boolean', deviceClass: 'connectivity', diagnostic, about: 'A cable or an access point is connected' },
  receive_rate: { ...rate, about: 'Received since the last reading' },
  send_rate: { ...rate, about: 'Sent since the last reading' },
  errors: {
    type: 'number',
    range: [0, Number.MAX_SAFE_INTEGER],
    decimals: 0,
    stateClass: 'total_increasing',
    diagnostic,
    about: 'Packets with errors',
  },
  address: { type: 'text', diagnostic, about: 'IPv4 address' },
} as const satisfies Points;
const points = {
  ...wired,
  signal: {
    type: 'number',
    unit: 'dBm',
    range: [-120, 0],
    decimals: 0,
    deviceClass: 'signal_strength',
    diagnostic,
    deadband: 3,
    about: 'Strength of the Wi-Fi signal',
  },
  link_quality: {
    type: 'number',
    unit: '%',
    range: [0, 100],
    decimals: 0,
    diagnostic,
    deadband: 5,
    about: 'Quality of the Wi-Fi connection',
  },
} as const satisfies Points;

/** Source: proc_pid_net(5), Documentation/ABI/testing/sysfs-class-net. */
export const driver = defineInput({
  kind: 'network',
  summary: 'Traffic, errors and connection of a network interface; signal of Wi-Fi.',
  options: { interface: text('Name of the interface: `eth0`, `wlan0`.') },
  points,
  every: '10s',
  example: { interface: 'eth0' },
  async open({ interface: name }, { ports: { files } }) {
    const { isWifi } = await present(files, name);
    const rates = makeCounterRates<'received' | 'sent'>();
    return {
      points: isWifi ? points : wired,
      read: async (signal) => {
        const link = await linkOf(files, await present(files, name), signal);
        const traffic = await trafficOf(files, name, signal);
        const { received, sent } = rates(await uptimeSeconds(files, signal), { ...traffic });
        const wifi = isWifi ? await signalOf(files, name, signal) : undefined;
        return plausible(points, {
          link,
          receive_rate: kilo(received),
          send_rate: kilo(sent),
          errors: traffic?.errors,
          address: await addressOf(files, name, signal),
          signal: wifi?.level,
          link_quality: wifi?.quality,
        });
      },
      close: async () => undefined,
    };
  },
});

async function present(files: Files, name: string): Promise<Interface> {
  const found = await interfaceOf(files, name);
  if (found === undefined) throw new Unavailable(`the network interface ${name} is not there`);
  return found;
}
