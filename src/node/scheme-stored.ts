import { isRecord } from '../schemes/yaml-value.ts';
import type { Texts } from './scheme-version.ts';

/** How a version came to be. */
export type VersionSource = 'apply' | 'file' | 'undo';

/** One version of the scheme, without its texts. */
export interface VersionFacts {
  /** Counts up from 1 and is never given twice. */
  readonly number: number;
  readonly etag: string;
  /** Wall time when it was taken, ms since 1970. */
  readonly at: number;
  readonly source: VersionSource;
  /** Who did it, as far as the node can know. */
  readonly who: string;
  /** Paths from the folder of the main file. */
  readonly files: readonly string[];
  /** Of the texts. */
  readonly bytes: number;
  /** The version whose texts these are again, after an undo. */
  readonly of?: number;
  /** It was tried and not kept. */
  readonly takenBack?: true;
  /** It had errors and was replaced before it ever ran. */
  readonly broken?: true;
}

export interface StoredVersion {
  readonly facts: VersionFacts;
  /** By path from the folder of the main file. Values of secrets are never in them, only their `$NAME`. */
  readonly texts: Texts;
}

const SOURCES: readonly VersionSource[] = ['apply', 'file', 'undo'];

/** Throws when it is not a version. */
export function parseStored(raw: unknown): StoredVersion {
  if (!isRecord(raw) || !isRecord(raw.facts) || !isRecord(raw.texts)) throw new Error('it is not a version');
  const { number, etag, at, source, who, files, bytes, of, takenBack, broken } = raw.facts;
  const known = SOURCES.find((one) => one === source);
  if (!isCount(number) || !isCount(bytes) || typeof at !== 'number' || typeof etag !== 'string' || known === undefined)
    throw new Error('facts of the version are missing');
  return {
    facts: {
      ...{ number, etag, at, source: known, bytes },
      who: typeof who === 'string' ? who : '',
      files: Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [],
      ...(isCount(of) ? { of } : {}),
      ...(takenBack === true ? { takenBack } : {}),
      ...(broken === true ? { broken } : {}),
    },
    texts: textsOf(raw.texts),
  };
}

/** Only texts, by path. */
export function textsOf(raw: unknown): Texts {
  if (!isRecord(raw)) return {};
  return Object.fromEntries(
    Object.entries(raw).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
