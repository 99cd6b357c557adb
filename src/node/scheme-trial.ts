import { isRecord } from '../schemes/yaml-value.ts';
import { textsOf } from './scheme-stored.ts';
import type { TextChanges, Texts } from './scheme-version.ts';

/**
 * A change of the scheme's files that can still be taken back. On the disk before the first file is written, so that a
 * power cut leaves all of the old scheme or all of the new.
 */
export interface Trial {
  /** `writing`: not all files are written; `waiting`: it runs and waits for its confirmation. */
  readonly phase: 'waiting' | 'writing';
  /** Of the new texts. */
  readonly etag: string;
  /** By absolute path: what the changed files had, and what they got. */
  readonly from: TextChanges;
  readonly to: TextChanges;
  /** The scheme that ran before. */
  readonly running: Texts;
  /** Who applied it, and when: ms since 1970. */
  readonly who: string;
  readonly at: number;
  /** How long it waits, ms. */
  readonly waitMs: number;
  /** Its number in the history, once it ran. */
  readonly version?: number;
  /** What was left of the time when the node was stopped in order; absent when the node ended by itself. */
  readonly leftMs?: number;
}

const OUTCOMES = ['confirmed', 'edited', 'reverted'] as const;

/** How a trial ended: kept; left alone, as a person edited its files; or the scheme before runs again. */
export interface TrialEnd {
  readonly etag: string;
  readonly outcome: (typeof OUTCOMES)[number];
  /** ms since 1970. */
  readonly at: number;
  readonly why: string;
}

/** What the disk knows of trials. */
export interface TrialPage {
  /** The one that goes on. */
  readonly trial: Trial | null;
  /** How the last one ended. */
  readonly ended: TrialEnd | null;
}

/** Throws when it cannot be understood. */
export function parseTrialPage(raw: unknown): TrialPage {
  if (!isRecord(raw)) throw new Error('it is not about a trial');
  return { trial: raw.trial === null ? null : parseTrial(raw.trial), ended: parseEnd(raw.ended) };
}

function parseTrial(raw: unknown): Trial {
  if (!isRecord(raw) || typeof raw.etag !== 'string') throw new Error('it is not a trial');
  const { phase, etag, from, to, running, who, at, waitMs, version, leftMs } = raw;
  return {
    phase: phase === 'waiting' ? 'waiting' : 'writing',
    etag,
    from: changesOf(from),
    to: changesOf(to),
    running: textsOf(running),
    who: typeof who === 'string' ? who : '',
    at: typeof at === 'number' ? at : 0,
    waitMs: typeof waitMs === 'number' ? waitMs : 0,
    ...(typeof version === 'number' ? { version } : {}),
    ...(typeof leftMs === 'number' ? { leftMs } : {}),
  };
}

function parseEnd(raw: unknown): TrialEnd | null {
  if (!isRecord(raw)) return null;
  const { etag, at, why } = raw;
  const outcome = OUTCOMES.find((one) => one === raw.outcome);
  if (outcome === undefined || typeof etag !== 'string' || typeof at !== 'number') return null;
  return { etag, outcome, at, why: typeof why === 'string' ? why : '' };
}

function changesOf(raw: unknown): TextChanges {
  if (!isRecord(raw)) return {};
  return Object.fromEntries(
    Object.entries(raw).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === 'string' || entry[1] === null,
    ),
  );
}
