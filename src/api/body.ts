import { HanbusError, reasonOf } from '../kit/errors.ts';

/** Largest request, bytes. */
export const BODY_LIMIT = 65_536;

/** Lists and objects inside each other; far more than any verb asks for, far less than the stack takes. */
const DEEPEST = 32;

export class TooLarge extends HanbusError {}

/** The JSON object of a request; an empty body is an empty object. Never more than the limit in memory. */
export async function jsonObjectOf(body: AsyncIterable<Uint8Array>): Promise<Record<string, unknown>> {
  const text = await textOf(body);
  if (text.trim() === '') return {};
  const value = parsed(text);
  if (isDeeper(value, DEEPEST)) throw new HanbusError('HB158', `the request has more than ${DEEPEST} levels`);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new HanbusError('HB158', 'the request must be a JSON object, such as {"points":["board.load"]}');
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new TooLarge('HB158', `the request is larger than ${BODY_LIMIT / 1024} kB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HanbusError('HB158', `the request is not JSON: ${reasonOf(error)}`, { cause: error });
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
