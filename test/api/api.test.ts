import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApi } from '../../src/api/api.ts';
import { refuseStrangersFolder } from '../../src/api/socket-file.ts';
import { Bus } from '../../src/bus/bus.ts';
import { serveRequests } from '../../src/bus/requests.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { HanbusError } from '../../src/kit/errors.ts';
import { makeFakeLog } from '../fakes/log.ts';

let folder: string;
let bus: Bus;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  folder = await mkdtemp('/tmp/hanbus-api-');
  bus = new Bus((error) => {
    throw error;
  });
  stops = [];
});

afterEach(async () => {
  for (const stop of stops) await stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(socketPath = join(folder, 'run', 'api.sock')): Promise<string> {
  const api = await startApi({ bus, node: 'kitchen', clock: makeSystemClock(), log: makeFakeLog().log, socketPath });
  stops.push(() => api.stop());
  return socketPath;
}

function serve(): void {
  const verbs = {
    read: (args: Readonly<Record<string, unknown>>) => Promise.resolve({ asked: args }),
    scan: () => Promise.reject(new HanbusError('HB152', 'no point "x"', { fix: 'hanbus ls' })),
    status: () => new Promise<unknown>(() => undefined),
  };
  serveRequests({ bus, node: 'kitchen', origin: 'test', verbs, log: makeFakeLog().log });
}

interface Answer {
  status: number;
  text: string;
}

function open(socketPath: string, method: string, path: string, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const question = httpRequest({ socketPath, method, path }, resolve);
    question.once('error', reject);
    question.end(body);
  });
}

async function ask(socketPath: string, path: string, body?: string): Promise<Answer> {
  const message = await open(socketPath, 'POST', path, body);
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += chunk;
  return { status: message.statusCode ?? 0, text };
}

describe('the socket', () => {
  it('can be opened by its owner only, as can its folder', async () => {
    const socket = await start();
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'run'))).mode & 0o777).toBe(0o700);
  });

  it('replaces the file of a dead node', async () => {
    const path = join(folder, 'api.sock');
    await writeFile(path, '');
    serve();
    expect((await ask(await start(path), '/v1/request/read', '{}')).status).toBe(200);
  });

  it('replaces a socket that nobody serves any more', async () => {
    const path = join(folder, 'api.sock');
    const dead = createServer().listen(join(folder, 'dead.sock'));
    await new Promise((resolve) => dead.once('listening', resolve));
    const { rename } = await import('node:fs/promises');
    await rename(join(folder, 'dead.sock'), path);
    await new Promise((resolve) => dead.close(resolve));
    serve();
    expect((await ask(await start(path), '/v1/request/read', '{}')).status).toBe(200);
  });

  it('leaves a living node alone', async () => {
    const path = await start();
    await expect(start(path)).rejects.toMatchObject({ code: 'HB125', fix: expect.stringContaining('hanbus down') });
    serve();
    expect((await ask(path, '/v1/request/read', '{}')).status).toBe(200);
  });

  it('says what is wrong when it cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(start(join(folder, 'file', 'api.sock'))).rejects.toMatchObject({ code: 'HB124' });
    await expect(start(join(folder, 'x'.repeat(120), 'api.sock'))).rejects.toMatchObject({ code: 'HB124' });
  });

  it('is not put where somebody else could answer in its place', () => {
    const refused = (uid: number, mode: number, own: number) => () =>
      refuseStrangersFolder('/tmp/x', { uid, mode }, own);
    expect(refused(1_001, 0o40700, 1_000)).toThrow('belongs to user 1001');
    expect(refused(1_000, 0o40777, 1_000)).toThrow('anybody may write there');
    expect(refused(1_000, 0o40700, 1_000)).not.toThrow();
    expect(refused(1_000, 0o40755, 0)).not.toThrow();
    expect(refused(1_000, 0o41777, 1_000)).not.toThrow();
  });

  it('is gone after the stop, which may come twice', async () => {
    const path = await start();
    await stops[0]?.();
    await stops[0]?.();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });
});

describe('requests', () => {
  it('are put on the bus and answered', async () => {
    serve();
    const { status, text } = await ask(await start(), '/v1/request/read', '{"points":["board.load"]}');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ ok: true, result: { asked: { points: ['board.load'] } } });
  });

  it('pass on the error of the node', async () => {
    serve();
    const { status, text } = await ask(await start(), '/v1/request/scan');
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual({
      ok: false,
      error: { code: 'HB152', message: 'no point "x"', fix: 'hanbus ls' },
    });
  });

  it('at no address at all are not found, and no bug', async () => {
    const answer = await ask(await start(), '//[bad/v1', '{}');
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'HB158' } });
  });

  it('end when the node is silent', async () => {
    serve();
    const { status, text } = await ask(await start(), '/v1/request/status?timeout=20');
    expect(status).toBe(504);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'HB154' } });
  });

  it.each([
    ['not JSON', '/v1/request/read', '{', 400],
    ['not an object', '/v1/request/read', '[1]', 400],
    ['without end', '/v1/request/read', `{"points":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400],
    ['a verb that is none', '/v1/request/..%2f%23', '{}', 400],
    ['another path', '/v2/thing', '{}', 404],
    ['too large', '/v1/request/read', `{"a":"${'x'.repeat(70_000)}"}`, 413],
  ])('are refused when they are %s', async (_case, path, body, status) => {
    serve();
    const answer = await ask(await start(), path, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ ok: false, error: { code: 'HB158' } });
  });
});

describe('the stream', () => {
  const publish = (topic: string, payload: string, retain = false) =>
    bus.publish({ topic, payload, retain, origin: 'test' });

  async function take(message: IncomingMessage, count: number): Promise<Record<string, unknown>[]> {
    const lines: Record<string, unknown>[] = [];
    let rest = '';
    for await (const chunk of message.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      const parts = `${rest}${String(chunk)}`.split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.map((line): Record<string, unknown> => JSON.parse(line)));
      if (lines.length >= count) break;
    }
    return lines;
  }

  it('gives the retained first when asked, then what comes', async () => {
    publish('hanbus/kitchen/board/load', '0.1', true);
    publish('hanbus/kitchen/board/memory', '7', true);
    const message = await open(await start(), 'GET', '/v1/stream?filter=hanbus/%2B/board/load&retained=1');
    expect(await take(message, 1)).toMatchObject([{ hanbus: 'watch/1', payload: '0.1', retain: true }]);
    publish('hanbus/kitchen/board/load', '0.2', true);
    publish('hanbus/kitchen/board/memory', '8', true);
    publish('hanbus/hall/board/load', '0.3');
    expect(await take(message, 2)).toMatchObject([
      { topic: 'hanbus/kitchen/board/load', payload: '0.2', retain: false },
      { topic: 'hanbus/hall/board/load', payload: '0.3', retain: false },
    ]);
    message.destroy();
    await expect.poll(() => bus.counts.subscriptions).toBe(0);
  });

  it('sends its headers at once, also when nothing happens', async () => {
    const message = await open(await start(), 'GET', '/v1/stream?filter=hanbus/nothing');
    expect(message.headers['content-type']).toBe('application/x-ndjson');
    message.destroy();
  });

  it('refuses what is not a filter', async () => {
    const socket = await start();
    for (const filter of ['a/%23/b', 'a%2B', '']) {
      expect((await open(socket, 'GET', `/v1/stream?filter=${filter}`)).statusCode).toBe(400);
    }
  });

  it('takes a bounded number of readers', async () => {
    const socket = await start();
    const many = [];
    for (let count = 0; count < 32; count += 1) many.push(await open(socket, 'GET', '/v1/stream'));
    expect((await open(socket, 'GET', '/v1/stream')).statusCode).toBe(429);
    for (const message of many) message.destroy();
  });

  it('ends at the stop of the api', async () => {
    const message = await open(await start(), 'GET', '/v1/stream');
    const end = take(message, 1);
    await stops[0]?.();
    expect(await end).toEqual([]);
  });
});
