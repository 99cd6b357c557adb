import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HanbusError, reasonOf, systemCode } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { ControlResponse } from '../schemes/control.ts';
import { jsonObjectOf, TooLarge } from './body.ts';
import type { Streams } from './streams.ts';

export interface AppWorld {
  /** Puts a control request to the node. Throws the error of its answer, or HB154 when it takes too long. */
  readonly ask: (verb: string, args: Readonly<Record<string, unknown>>, timeoutMs: number) => Promise<unknown>;
  readonly streams: Streams;
  readonly log: Log;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const LONGEST_TIMEOUT_MS = 300_000;

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/**
 * `POST /v1/request/<verb>` with a JSON object answers as `$res/<verb>` does (`?timeout=` in ms);
 * `GET /v1/stream?filter=hanbus/%23&retained=1` gives JSON lines (`watch/1`). Failures have the shape of a control
 * error, with an HTTP status beside it. Never rejects.
 */
export function makeApp(world: AppWorld): Handler {
  return async (incoming, outgoing) => {
    try {
      await route(world, incoming, outgoing);
    } catch (error) {
      fail(world.log, outgoing, error);
    }
  };
}

async function route(world: AppWorld, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { pathname, searchParams } = addressOf(incoming);
  const [, verb] = /^\/v1\/request\/([^/]*)$/.exec(pathname) ?? [];
  if (incoming.method === 'POST' && verb !== undefined) {
    if (!/^[a-z]{1,32}$/.test(verb)) throw new HanbusError('HB158', `"${verb.slice(0, 40)}" is not a verb`);
    const args = await jsonObjectOf(incoming);
    answer(outgoing, 200, { ok: true, result: await world.ask(verb, args, timeoutOf(searchParams.get('timeout'))) });
  } else if (incoming.method === 'GET' && pathname === '/v1/stream') {
    await stream(world.streams, searchParams, outgoing);
  } else if (incoming.method === 'GET' && pathname === '/v1/alive') {
    outgoing.writeHead(204).end();
  } else {
    throw new NotFound('HB158', `there is nothing at ${pathname.slice(0, 80)}`);
  }
}

function addressOf({ url = '/' }: IncomingMessage): URL {
  const address = URL.parse(url, 'http://node');
  if (address === null) throw new NotFound('HB158', `there is nothing at ${url.slice(0, 80)}`);
  return address;
}

async function stream(streams: Streams, search: URLSearchParams, outgoing: ServerResponse): Promise<void> {
  const body = streams.open({ filter: search.get('filter') ?? 'hanbus/#', retained: search.get('retained') === '1' });
  outgoing.writeHead(200, { 'content-type': 'application/x-ndjson' });
  outgoing.flushHeaders();
  await pipeline(Readable.fromWeb(body), outgoing);
}

class NotFound extends HanbusError {}

const STATUS: Readonly<Record<string, number>> = { HB152: 404, HB154: 504, HB158: 400, HB163: 429 };

function statusOf(error: HanbusError): number {
  if (error instanceof TooLarge) return 413;
  if (error instanceof NotFound) return 404;
  return STATUS[error.code] ?? 422;
}

function fail(log: Log, outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) {
    // A reader that goes away ends its stream; anything else is ours to tell.
    const code = systemCode(error);
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE') log.warn('an api stream broke off', { code, reason: reasonOf(error) });
    outgoing.destroy();
    return;
  }
  if (error instanceof HanbusError) {
    failure(outgoing, statusOf(error), error);
    return;
  }
  log.error('api request failed', { reason: reasonOf(error), stack: error instanceof Error ? error.stack : undefined });
  failure(
    outgoing,
    500,
    new HanbusError('HB100', 'the node could not answer; its log says why', { fix: 'hanbus logs' }),
  );
}

function answer(outgoing: ServerResponse, status: number, response: ControlResponse): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(response));
}

function failure(outgoing: ServerResponse, status: number, { code, message, fix }: HanbusError): void {
  // What was not read of a refused body is not waited for.
  if (status === 413) outgoing.setHeader('connection', 'close');
  answer(outgoing, status, { ok: false, error: { code, message, ...(fix === undefined ? {} : { fix }) } });
}

function timeoutOf(text: string | null): number {
  const ms = Number(text ?? DEFAULT_TIMEOUT_MS);
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_TIMEOUT_MS) : DEFAULT_TIMEOUT_MS;
}
