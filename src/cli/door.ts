import { HanbusError, reasonOf, systemCode } from '../kit/errors.ts';
import type { InfoAnswer } from '../schemes/contracts.ts';
import type { ControlVerb } from '../schemes/control.ts';
import { durationText } from '../schemes/quantity.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { SocketAnswer, World } from './world.ts';

/** The running node, as the command line speaks with it. */
export interface Door {
  readonly socket: string;
  /** The `result` of a control request. Throws the node's own error, HB154 when it takes too long. */
  ask(verb: ControlVerb, args: object, timeoutMs?: number): Promise<unknown>;
  /** What the bus carries on a topic filter, one parsed JSON line at a time, until `signal` aborts. */
  stream(filter: string, options: { readonly retained: boolean; readonly signal: AbortSignal }): AsyncIterable<unknown>;
}

/** Which node, and how long to wait for its answers. */
interface DoorWish {
  readonly node: string | undefined;
  readonly timeoutMs: number;
}

type DoorWorld = Pick<World, 'clock' | 'dial'>;

/**
 * Finds the node that answers on one of the sockets, the first or the one of the wanted name. Throws HB153 when there is
 * none, HB152 when they have other names, HB157 when it may not look.
 */
export async function openDoor(world: DoorWorld, sockets: readonly string[], wish: DoorWish): Promise<Door> {
  const closed: string[] = [];
  const others: string[] = [];
  for (const socket of sockets) {
    const answer = await knock(world, socket);
    if (answer === 'closed') closed.push(socket);
    if (answer !== 'open') continue;
    const door = makeDoor(world, socket, wish.timeoutMs);
    if (wish.node === undefined) return door;
    const { node } = expectAnswer<InfoAnswer>(await door.ask('info', {}), 'info/1');
    if (node === wish.node) return door;
    others.push(node);
  }
  throw others.length > 0 ? noSuchNode(wish.node, others) : nobody(closed[0]);
}

/** The running node, or undefined where HB153 would be thrown. */
export async function openOrNone({ door }: { readonly door: () => Promise<Door> }): Promise<Door | undefined> {
  try {
    return await door();
  } catch (error) {
    if (error instanceof HanbusError && error.code === 'HB153') return undefined;
    throw error;
  }
}

/** Whether a node answers on a socket; `closed` when one may be there, but not for this user. */
async function knock({ dial }: Pick<World, 'dial'>, socket: string): Promise<'closed' | 'nobody' | 'open'> {
  try {
    await drain((await dial(socket, { method: 'GET', path: '/v1/alive' })).lines);
    return 'open';
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return code === 'EACCES' || code === 'EPERM' ? 'closed' : 'nobody';
  }
}

/** True when a node has this socket. */
export async function isAlive(world: Pick<World, 'dial'>, socket: string): Promise<boolean> {
  return (await knock(world, socket)) !== 'nobody';
}

function nobody(closed: string | undefined): HanbusError {
  if (closed === undefined) return new HanbusError('HB153', 'no node is running here', { fix: 'hanbus up' });
  return new HanbusError('HB157', `a node is running, but this user may not open ${closed}`, {
    fix: `sudo -u "$(stat -c %U ${closed})" hanbus status`,
  });
}

function noSuchNode(wanted = '', [first = '', ...more]: readonly string[]): HanbusError {
  const runs = more.length === 0 ? `the one that runs is "${first}"` : `there are ${[first, ...more].join(', ')}`;
  return new HanbusError('HB152', `no node "${wanted}" here; ${runs}`, { fix: `--node ${first}` });
}

function makeDoor(world: DoorWorld, socket: string, defaultTimeoutMs: number): Door {
  return {
    socket,
    async ask(verb, args, timeoutMs = defaultTimeoutMs) {
      const path = `/v1/request/${verb}?timeout=${timeoutMs}`;
      const body = await dialWithin(world, { socket, path, body: JSON.stringify(args), timeoutMs });
      return resultOf(body, verb);
    },
    async *stream(filter, { retained, signal }) {
      const path = `/v1/stream?filter=${encodeURIComponent(filter)}${retained ? '&retained=1' : ''}`;
      try {
        yield* streamLines(await world.dial(socket, { method: 'GET', path, signal }));
      } catch (error) {
        if (signal.aborted) return;
        throw error instanceof HanbusError ? error : wentAway(error);
      }
    },
  };
}

async function* streamLines({ status, lines }: SocketAnswer): AsyncGenerator<unknown> {
  for await (const line of lines) yield status === 200 ? parsed(line) : resultOf(line, 'stream');
}

interface Call {
  readonly socket: string;
  readonly path: string;
  readonly body: string;
  readonly timeoutMs: number;
}

/** The whole answer. A little more time than the node gets, so that its own words arrive. */
async function dialWithin({ clock, dial }: DoorWorld, { socket, path, body, timeoutMs }: Call): Promise<string> {
  const stop = new AbortController();
  const cancel = clock.after(timeoutMs + 500, () => stop.abort());
  try {
    let text = '';
    for await (const line of (await dial(socket, { method: 'POST', path, body, signal: stop.signal })).lines)
      text += line;
    return text;
  } catch (error) {
    if (stop.signal.aborted) throw late(timeoutMs, error);
    throw wentAway(error);
  } finally {
    cancel();
  }
}

function wentAway(cause: unknown): HanbusError {
  return new HanbusError('HB153', `the node went away: ${reasonOf(cause)}`, { fix: 'hanbus up', cause });
}

function late(timeoutMs: number, cause: unknown): HanbusError {
  const fix = `give it more time: --timeout ${Math.ceil((timeoutMs * 3) / 1000)}s`;
  return new HanbusError('HB154', `the node did not answer within ${durationText(timeoutMs)}`, { fix, cause });
}

function resultOf(text: string, verb: string): unknown {
  const answer = parsed(text);
  if (isRecord(answer) && answer.ok === true) return answer.result;
  if (!isRecord(answer) || !isRecord(answer.error)) throw strange(verb);
  const { code, message, fix } = answer.error;
  if (typeof code !== 'string' || typeof message !== 'string') throw strange(verb);
  throw new HanbusError(code, message, typeof fix === 'string' ? { fix } : {});
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HanbusError('HB162', 'the running node answered something that is not JSON', {
      fix: 'hanbus info',
      cause: error,
    });
  }
}

function strange(verb: string): HanbusError {
  const fix = 'start it again with this version: hanbus down && hanbus up';
  return new HanbusError('HB162', `the running node does not answer "${verb}" as this version expects`, { fix });
}

/** An answer whose contract is the expected one; otherwise the node is of another version. */
export function expectAnswer<T extends { readonly hanbus: string }>(answer: unknown, contract: T['hanbus']): T {
  if (isOf<T>(answer, contract)) return answer;
  throw strange(contract.split('/')[0] ?? contract);
}

function isOf<T extends { readonly hanbus: string }>(answer: unknown, contract: T['hanbus']): answer is T {
  return isRecord(answer) && answer.hanbus === contract;
}

async function drain(lines: AsyncIterable<string>): Promise<void> {
  for await (const _ of lines);
}
