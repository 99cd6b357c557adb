import { createHash } from 'node:crypto';

/** One generation of a document on disk. */
export interface Generation {
  readonly generation: number;
  readonly value: unknown;
}

const FORM = 'document/1';

const checksumOf = (body: string) => createHash('sha256').update(body).digest('hex');

/** JSON text with a checksum over the value. */
export function encodeGeneration({ generation, value }: Generation): string {
  const body = JSON.stringify(value);
  return `{"hanbus":"${FORM}","generation":${generation},"sha256":"${checksumOf(`${generation} ${body}`)}","value":${body}}\n`;
}

/** The generation in a text; throws when a single byte of it is wrong. */
export function decodeGeneration(text: string): Generation {
  const stored: unknown = JSON.parse(text);
  if (typeof stored !== 'object' || stored === null) throw new Error('it is not a document');
  if (!('hanbus' in stored && 'generation' in stored && 'sha256' in stored && 'value' in stored))
    throw new Error('it is not a document');
  const { hanbus, generation, sha256, value } = stored;
  if (hanbus !== FORM) throw new Error(`its form is not ${FORM}`);
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation)) throw new Error('its generation is damaged');
  if (sha256 !== checksumOf(`${generation} ${JSON.stringify(value)}`)) throw new Error('its checksum is wrong');
  return { generation, value };
}
