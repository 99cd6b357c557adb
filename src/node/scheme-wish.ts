import type { Problem } from '../schemes/problem.ts';
import type { Scheme } from '../schemes/scheme.ts';
import type { By } from './scheme-keeper.ts';
import type { VersionFacts } from './scheme-stored.ts';
import type { TextChanges } from './scheme-version.ts';

/** A wish for other texts. */
export interface ChangeWish {
  /** By absolute path. */
  readonly texts: TextChanges;
  /** Of the files that it was made from; undefined: whatever they are now. */
  readonly etag: string | undefined;
  readonly by: By;
  /** How long it waits for its confirmation, ms; 0: it is kept at once. */
  readonly waitMs: number;
  /** The node made it of its own file, so a secret in it has not travelled. */
  readonly isOwnText?: boolean;
  /** Check and tell, write nothing. */
  readonly isDry: boolean;
}

export interface Changed {
  /** False when errors refused it; nothing has changed then. */
  readonly ok: boolean;
  /** Of the files now. */
  readonly etag: string;
  /** Of the wish when it was refused or dry, of what runs otherwise. */
  readonly problems: readonly Problem[];
  /** The wish; undefined when it has errors. */
  readonly scheme: Scheme | undefined;
  /** Absolute paths of the files whose texts are others. */
  readonly files: readonly string[];
  readonly version?: VersionFacts;
  /** It is on trial. */
  readonly waitMs?: number;
}
