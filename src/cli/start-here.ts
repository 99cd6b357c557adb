import { makeSystemClock, sleep } from '../kit/clock.ts';
import { type LogWriter, makeHumanWriter, makeJsonWriter } from '../kit/log-output.ts';
import { type NodeOptions, startNode } from '../node.ts';
import type { OpenDemo } from './open-demo.ts';
import { speaksUtf8 } from './screen.ts';
import type { RunningNode, StartOptions } from './up-world.ts';

/** First readings are waited for so long, ms; a slow device comes later. */
const FIRST_READINGS_MS = 2_000;

/** Starts a node on this machine, or a simulated house. */
export async function startHere(options: StartOptions): Promise<RunningNode> {
  const writeLog = await logWriter(options.env);
  const { demo } = options;
  if (demo === undefined) return await startWith(nodeOptions(options, writeLog));
  const { openDemo } = await import('./open-demo.ts');
  const house = await openDemo(demo.speed, writeLog);
  const { runtime, config, secrets } = options;
  const written = demo.scheme === 'config' ? { config, secrets } : {};
  const paths = { ...house.paths, ...written, runtime };
  try {
    const node = await startWith({ ...nodeOptions(options, writeLog), paths, host: house.host });
    return { ...node, stopped: closing(node.stopped, house) };
  } catch (error) {
    await house.close();
    throw error;
  }
}

async function closing(stopped: Promise<number>, house: OpenDemo): Promise<number> {
  const code = await stopped;
  await house.close();
  return code;
}

function nodeOptions(options: StartOptions, writeLog: LogWriter): NodeOptions {
  const { config, secrets, data, runtime, name, env, logLevel } = options;
  const settings = nameSettings(options);
  return {
    paths: { config, secrets, data, runtime },
    environment: withoutEmptyName(env),
    writeLog,
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(settings === undefined ? {} : { settings }),
    ...(name === undefined ? {} : { name }),
  };
}

/** An empty variable is one that is not set. */
function withoutEmptyName(env: StartOptions['env']): StartOptions['env'] {
  const { HANBUS_NODE: name, ...others } = env;
  return name === '' ? others : env;
}

/** What did not come from a file, for `config show --origin`. */
function nameSettings({ name, env }: StartOptions): NodeOptions['settings'] {
  if (name !== undefined) return [{ key: 'node.name', value: name, origin: 'flag', place: '--name' }];
  const { HANBUS_NODE: given = '' } = env;
  return given === '' ? undefined : [{ key: 'node.name', value: given, origin: 'environment', place: 'HANBUS_NODE' }];
}

async function startWith(options: NodeOptions): Promise<RunningNode> {
  const node = await startNode(options);
  const clock = makeSystemClock();
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
  if (process.stderr.isTTY !== true) return await makeJsonWriter(out);
  return makeHumanWriter(out, { ascii: !speaksUtf8(env) });
}
