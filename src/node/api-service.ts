import { join } from 'node:path';
import { startApi } from '../api/api.ts';
import type { Bus } from '../bus/bus.ts';
import { HanbusError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { supervise } from '../kit/supervisor.ts';
import type { Host } from './host.ts';
import type { Stoppers } from './stoppers.ts';

export interface ApiServiceWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly host: Host;
  readonly log: Log;
  readonly stoppers: Stoppers;
  readonly options: { readonly paths: { readonly runtime: string } };
}

/**
 * The API, kept up. Throws HB125 when another node has the socket; with any other trouble the node goes on, without an
 * ear for the command line, and the API is tried again.
 */
export async function openApi({ bus, node, host, log, stoppers, options }: ApiServiceWorld): Promise<void> {
  const { clock, random } = host;
  const socketPath = join(options.paths.runtime, 'api.sock');
  let taken: unknown;
  const api = supervise(
    {
      name: 'api',
      start: () => startApi({ bus, node, clock, log: log.child({ service: 'api' }), socketPath }),
      judge: (error) => (error instanceof HanbusError && error.code === 'HB125' ? 'fatal' : 'restart'),
    },
    {
      ...{ clock, random, log },
      onFatal: (_service, error) => {
        taken = error;
      },
    },
  );
  stoppers.add('api', () => api.stop());
  await api.ready;
  if (taken !== undefined) throw taken;
}
