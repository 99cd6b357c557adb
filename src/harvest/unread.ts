import { plainWords } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';
import { reasonOf, Unavailable } from '../kit/errors.ts';
import type { Seen } from '../schemes/found.ts';

export interface UnreadQuestion {
  readonly group: string;
  /** A folder of the kernel: `/sys/class/hwmon`. */
  readonly folder: string;
  /** Its entries that count. */
  readonly entry: RegExp;
  /** The file in each entry that says what it is. */
  readonly file: string;
  /** Folders that did say. */
  readonly known: ReadonlySet<string>;
}

/** Entries of a kernel folder that could not say what they are, each with the reason. */
export async function unread(files: FilesPort, question: UnreadQuestion): Promise<readonly Seen[]> {
  const { group, folder, entry, file, known } = question;
  const seen: Seen[] = [];
  for (const name of await files.list(folder)) {
    const path = `${folder}/${name}`;
    if (!entry.test(name) || known.has(path)) continue;
    const source = `${path}/${file}`;
    seen.push({ group, what: `${name} does not say what it is`, source, why: await reasonFor(files, source) });
  }
  return seen;
}

async function reasonFor(files: FilesPort, path: string): Promise<string> {
  try {
    const text = await files.text(path);
    return text.trim() === '' ? 'the file is empty' : `it says "${plainWords(text)}"`;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return reasonOf(error);
  }
}
