import { join } from 'node:path';
import { startApi } from '../api/api.ts';
import type { Bus } from '../bus/bus.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { supervise } from '../kit/supervisor.ts';
import type { Problem } from '../schemes/problem.ts';
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
 * ear for the command line, and the API is tried again. Gives the way to ask what is wrong with it now.
 */
export async function openApi(world: ApiServiceWorld): Promise<() => readonly Problem[]> {
  const { bus, node, host, log, stoppers, options } = world;
  const { clock, random } = host;
  const socketPath = join(options.paths.runtime, 'api.sock');
  let taken: unknown;
  let trouble: readonly Problem[] = [];
  const start = async () => {
    try {
      const api = await startApi({ bus, node, clock, log: log.child({ service: 'api' }), socketPath });
      trouble = [];
      return api;
    } catch (error) {
      trouble = [problemOf(error)];
      throw error;
    }
  };
  const api = supervise(
    {
      name: 'api',
      start,
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
  return () => trouble;
}

function problemOf(error: unknown): Problem {
  const { code, fix } = error instanceof HanbusError ? error : { code: 'HB100', fix: undefined };
  const message = `${reasonOf(error)}; the command line cannot reach this node`;
  return { code, severity: 'warning', message, ...(fix === undefined ? {} : { fix }) };
}
