import { Hono } from 'hono/tiny';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { ControlResponse } from '../schemes/control.ts';
import type { Streams } from './streams.ts';

export interface AppWorld {
  /** Puts a control request to the node. Throws the error of its answer, or HB154 when it takes too long. */
  readonly ask: (verb: string, args: Readonly<Record<string, unknown>>, timeoutMs: number) => Promise<unknown>;
  readonly streams: Streams;
  readonly log: Log;
}

/** Largest request, bytes. */
export const BODY_LIMIT = 65_536;
const DEFAULT_TIMEOUT_MS = 10_000;
const LONGEST_TIMEOUT_MS = 300_000;

type Status = 200 | 400 | 404 | 413 | 422 | 429 | 500 | 504;

/**
 * `POST /v1/request/<verb>` with a JSON object answers as `$res/<verb>` does (`?timeout=` in ms);
 * `GET /v1/stream?filter=hanbus/%23&retained=1` gives JSON lines (`watch/1`). Failures have the shape of a control
 * error, with an HTTP status beside it.
 */
export function makeApp({ ask, streams, log }: AppWorld): Hono {
  const app = new Hono();
  app.post('/v1/request/:verb', async ({ req }) => {
    const verb = req.param('verb');
    if (!/^[a-z]{1,32}$/.test(verb)) throw new HanbusError('HB158', `"${verb.slice(0, 40)}" is not a verb`);
    const args = objectOf(await bodyOf(req.raw));
    return answer(200, { ok: true, result: await ask(verb, args, timeoutOf(req.query('timeout'))) });
  });
  app.get('/v1/stream', ({ req }) => {
    const body = streams.open({ filter: req.query('filter') ?? 'hanbus/#', retained: req.query('retained') === '1' });
    return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
  });
  app.get('/v1/alive', () => new Response(null, { status: 204 }));
  app.notFound(({ req }) => failure(404, new HanbusError('HB158', `there is nothing at ${req.path.slice(0, 80)}`)));
  app.onError((error) => {
    if (error instanceof TooLarge) return failure(413, error);
    if (error instanceof HanbusError) return failure(STATUS[error.code] ?? 422, error);
    log.error('api request failed', { reason: reasonOf(error), stack: error.stack });
    return failure(
      500,
      new HanbusError('HB100', 'the node could not answer; its log says why', { fix: 'hanbus logs' }),
    );
  });
  return app;
}

const STATUS: Readonly<Record<string, Status>> = { HB152: 404, HB154: 504, HB158: 400, HB161: 429 };

class TooLarge extends HanbusError {}

function answer(status: Status, response: ControlResponse): Response {
  return new Response(JSON.stringify(response), { status, headers: { 'content-type': 'application/json' } });
}

function failure(status: Status, { code, message, fix }: HanbusError): Response {
  return answer(status, { ok: false, error: { code, message, ...(fix === undefined ? {} : { fix }) } });
}

function timeoutOf(text: string | undefined): number {
  const ms = Number(text ?? DEFAULT_TIMEOUT_MS);
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_TIMEOUT_MS) : DEFAULT_TIMEOUT_MS;
}

/** The body as text, never more than the limit in memory. */
async function bodyOf(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new TooLarge('HB158', `the request is larger than ${BODY_LIMIT / 1024} kB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function objectOf(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new HanbusError('HB158', 'the request must be a JSON object, such as {"points":["board.load"]}');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HanbusError('HB158', `the request is not JSON: ${reasonOf(error)}`, { cause: error });
  }
}
