import { isAbsolute, join, resolve } from 'node:path';

/** Where this hanbus keeps its files. All absolute. */
export interface Paths {
  /** The main scheme file. */
  readonly config: string;
  readonly secrets: string;
  readonly data: string;
  readonly runtime: string;
  /** Folder of what can be made again. */
  readonly cache: string;
  /** Control sockets of a node to try, the own one first. */
  readonly sockets: readonly string[];
  /** Folder of the control socket of `hanbus demo`, which runs beside a node. */
  readonly demoRuntime: string;
}

export interface PathsWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly uid: number;
}

const SERVICE_RUNTIME = '/run/hanbus';
const CONFIG_FILE = 'hanbus.yaml';

/**
 * A flag wins over HANBUS_CONFIG, HANBUS_DATA and HANBUS_RUNTIME, these over what systemd gives a service, and that over
 * the XDG folders of the user.
 */
export function findPaths(world: PathsWorld, configFlag?: string): Paths {
  const { env, cwd } = world;
  const config = resolve(cwd, configFlag ?? set(env.HANBUS_CONFIG) ?? join(configFolder(world), CONFIG_FILE));
  const runtime = resolve(cwd, set(env.HANBUS_RUNTIME) ?? first(env.RUNTIME_DIRECTORY) ?? userRuntime(world));
  const chosen = set(env.HANBUS_RUNTIME) !== undefined;
  const folders = chosen || runtime === SERVICE_RUNTIME ? [runtime] : [runtime, SERVICE_RUNTIME];
  return {
    config,
    secrets: join(config, '..', 'secrets.env'),
    data: resolve(
      cwd,
      set(env.HANBUS_DATA) ?? first(env.STATE_DIRECTORY) ?? xdg(world, 'XDG_STATE_HOME', '.local/state'),
    ),
    runtime,
    cache: xdg(world, 'XDG_CACHE_HOME', '.cache'),
    sockets: folders.map(socketIn),
    demoRuntime: join(runtime, 'demo'),
  };
}

/** The control socket of the node that runs in a folder. */
export function socketIn(folder: string): string {
  return join(folder, 'api.sock');
}

/** Where a node may answer, the simulated one last: without a real node, the demo is the one that is meant. */
export function everySocket({ sockets, demoRuntime }: Pick<Paths, 'demoRuntime' | 'sockets'>): readonly string[] {
  return [...sockets, socketIn(demoRuntime)];
}

function configFolder(world: PathsWorld): string {
  return first(world.env.CONFIGURATION_DIRECTORY) ?? xdg(world, 'XDG_CONFIG_HOME', '.config');
}

function userRuntime({ env, uid }: PathsWorld): string {
  const folder = absolute(env.XDG_RUNTIME_DIR);
  return folder === undefined ? `/tmp/hanbus-${uid}` : join(folder, 'hanbus');
}

function xdg({ env, home }: PathsWorld, variable: string, fallback: string): string {
  return join(absolute(env[variable]) ?? join(home, fallback), 'hanbus');
}

/** XDG: "All paths set in these environment variables must be absolute"; others are ignored. */
function absolute(text: string | undefined): string | undefined {
  return text !== undefined && isAbsolute(text) ? text : undefined;
}

function set(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

/** systemd joins several folders with colons. */
function first(text: string | undefined): string | undefined {
  return set(text?.split(':')[0]);
}
