import { makeSystemClock, sleep } from '../kit/clock.ts';
import { type LogWriter, makeHumanWriter, makeJsonWriter } from '../kit/log-output.ts';
import { startNode } from '../node.ts';
import type { RunningNode, StartOptions } from './up-world.ts';

/** First readings are waited for so long, ms; a slow device comes later. */
const FIRST_READINGS_MS = 2_000;

/** Starts a node on this machine, or a simulated house. */
export async function startHere(options: StartOptions): Promise<RunningNode> {
  const { config, secrets, data, runtime, name, env } = options;
  const clock = makeSystemClock();
  const node = await startNode({
    paths: { config, secrets, data, runtime },
    environment: env,
    writeLog: await logWriter(env),
    logLevel: 'info',
    ...(name === undefined ? {} : { name }),
  });
  return {
    name: node.name,
    async summary() {
      await Promise.race([node.firstReadings, sleep(clock, FIRST_READINGS_MS)]);
      return {
        status: node.status(),
        list: { hanbus: 'list/1', node: node.name, devices: [...node.list()] },
        scan: { hanbus: 'scan/1', node: node.name, devices: [], seen: [...node.harvest().seen] },
      };
    },
    stop: () => node.stop(),
    stopped: node.stopped.then(() => 0),
  };
}

/** JSON for journald and pipes, words for a person; always on standard error. */
async function logWriter(env: StartOptions['env']): Promise<LogWriter> {
  const out = (text: string) => void process.stderr.write(text);
  if (process.stderr.isTTY === true) return makeHumanWriter(out, { ascii: env.TERM === 'linux' });
  return await makeJsonWriter(out);
}
