import { basename, dirname, relative, resolve } from 'node:path';
import { HanbusError } from '../kit/errors.ts';
import type { SchemeAnswer } from '../schemes/contracts.ts';
import type { FileTexts } from './change-lines.ts';
import { allKinds, schemeWorld } from './scheme-world.ts';
import type { Call } from './verb.ts';

/** A scheme on this machine, as the node is to have it. */
export interface LocalScheme {
  /** By path from the folder of the node's main file. */
  readonly texts: Readonly<Record<string, string>>;
  /** Where a path of `texts` lies here. */
  readonly places: Readonly<Record<string, string>>;
}

/** Reads a main file and what it includes. Throws HB156 when it is not there, HB397 when a secret stands in it. */
export async function localScheme({ world, paths }: Call, file: string, node: SchemeAnswer): Promise<LocalScheme> {
  const main = resolve(world.cwd, file);
  if ((await world.files.text(main)) === undefined)
    throw new HanbusError('HB156', `there is no file ${file}`, { fix: 'hanbus info' });
  const { loadScheme } = await import('../schemes/load.ts');
  const kinds = await allKinds();
  const { files, problems } = await loadScheme({ ...(await schemeWorld(world, paths, main)), kinds });
  const secret = problems.find(({ code, place }) => code === 'HB270' && place !== undefined);
  if (secret?.place !== undefined) {
    const { line, column } = secret.place;
    const message = `${secret.place.file}:${line}:${column} a secret stands in the scheme; it is not sent`;
    throw new HanbusError('HB397', message, { fix: 'write $NAME, and the value into the secrets file' });
  }
  const texts: Record<string, string> = {};
  const places: Record<string, string> = {};
  for (const path of files) {
    const name = path === main ? basename(node.main) : relative(dirname(main), path);
    texts[name] = (await world.files.text(path)) ?? '';
    places[name] = path;
  }
  return { texts, places };
}

/** The texts that the node does not have yet. */
export function newTexts({ texts }: LocalScheme, now: FileTexts): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([path, text]) => now[path] !== text));
}

/** Longest body of a request, bytes; a little less than the node takes. */
const LARGEST = 65_000;

/** Throws HB399 before a node would refuse it. */
export function refuseLarge(question: object): void {
  const bytes = Buffer.byteLength(JSON.stringify(question));
  if (bytes <= LARGEST) return;
  const message = `the files have ${Math.ceil(bytes / 1_024)} kB together; a request has 64 kB at most`;
  throw new HanbusError('HB399', message, { fix: 'copy the files into the folder of the scheme: hanbus info' });
}

/** Who is at this terminal, for the history. */
export function whoHere({ world }: Pick<Call, 'world'>): string {
  const { USER, LOGNAME, SUDO_USER } = world.env;
  return [SUDO_USER, USER, LOGNAME].find((name) => name !== undefined && name !== '') ?? '';
}
