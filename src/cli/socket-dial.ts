import type { IncomingMessage } from 'node:http';
import type { Dial } from './world.ts';

/** Longest line that a node may send, characters. */
const LONGEST_LINE = 16_000_000;

/** One HTTP request over a Unix socket, by Node's own client. */
export const dialSocket: Dial = async (socketPath, { method, path, body, signal }) => {
  // Not imported, so that the names of node:http that nobody uses here are not made: half of the memory and time.
  const { request } = process.getBuiltinModule('node:http');
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const options = { socketPath, method, path, headers, agent: false, ...(signal === undefined ? {} : { signal }) };
    const question = request(options, resolve);
    question.once('error', reject);
    question.end(body);
  });
  return { status: message.statusCode ?? 0, lines: linesOf(message, signal) };
};

async function* linesOf(message: IncomingMessage, signal: AbortSignal | undefined): AsyncGenerator<string> {
  let rest = '';
  message.setEncoding('utf8');
  try {
    for await (const chunk of message) {
      const parts = `${rest}${String(chunk)}`.split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > LONGEST_LINE) throw new Error('the node sent a line without an end');
      yield* parts;
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return;
  }
  if (rest !== '') yield rest;
}
