import type { Cancel, Clock } from '../../kit/clock.ts';
import { HanbusError, reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { Problem } from '../../schemes/problem.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type CheckedKeys, type KeyPaths, type KeyTexts, readKeys, stampOf } from './key-files.ts';

/** The certificate of the node, its key, and who signs those of clients; kept as new as the files. */
export interface TlsKeys {
  readonly current: KeyTexts;
  /** SHA-256 of the certificate, hex, lower case: what a client can pin. */
  readonly fingerprint: string;
  /** HB191: the certificate has ended or soon will, or the newest files are no good. */
  problems(): readonly Problem[];
  /** After new files were taken. */
  onChange(listener: () => void): Cancel;
  /** Looks at the files no more. */
  close(): void;
}

export interface TlsKeysWorld {
  readonly paths: KeyPaths;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_MS = 60_000;
const DAY_MS = 86_400_000;
/** Tools that renew certificates do so a month before; two weeks before, one has failed. */
const SOON_MS = 14 * DAY_MS;

/** Throws HanbusError HB191. Files that change later and are no good are told; those before them stay in use. */
export async function openTlsKeys({ paths, clock, log }: TlsKeysWorld): Promise<TlsKeys> {
  let stamp = await stampOf(paths);
  let keys = await readKeys(paths);
  let trouble: Problem | undefined;
  let cancel: Cancel = () => undefined;
  let isClosed = false;
  const listeners = new Set<() => void>();

  const look = async (): Promise<void> => {
    const newStamp = await stampOf(paths);
    if (newStamp === stamp) return;
    stamp = newStamp;
    try {
      keys = await readKeys(paths);
      trouble = undefined;
      log.info('the TLS certificate was renewed', { cert: paths.cert, fingerprint: fingerprintOf(keys.certificate) });
      for (const listener of listeners) listener();
    } catch (error) {
      trouble = problemOf(error);
      log.warn('the new TLS certificate cannot be used; the one before stays', {
        code: 'HB191',
        reason: reasonOf(error),
      });
    }
  };
  const lookAgain = (): void => {
    if (isClosed) return;
    cancel = clock.after(LOOK_MS, () => void look().finally(lookAgain));
  };
  lookAgain();

  return {
    get current() {
      return keys.texts;
    },
    get fingerprint() {
      return fingerprintOf(keys.certificate);
    },
    problems: () => [...(trouble === undefined ? [] : [trouble]), ...agesOf(keys, paths, clock.now())],
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
}

function agesOf({ certificate, isKeyOpen }: CheckedKeys, { cert, key }: KeyPaths, now: number): Problem[] {
  const until = certificate.validToDate.getTime();
  const day = certificate.validToDate.toISOString().slice(0, 10);
  const fix = `openssl x509 -noout -dates -in ${cert}`;
  const problems: Problem[] = [];
  if (now >= until) problems.push(warning(`the certificate in ${cert} ended on ${day}; clients refuse it`, fix));
  else if (now >= until - SOON_MS) problems.push(warning(`the certificate in ${cert} ends on ${day}`, fix));
  if (isKeyOpen) problems.push(warning(`other users of this machine can read ${key}`, `chmod 600 ${key}`));
  return problems;
}

function problemOf(error: unknown): Problem {
  const { message, fix } = error instanceof HanbusError ? error : { message: reasonOf(error), fix: undefined };
  return warning(`${message}; the certificate before it stays in use`, fix);
}

function warning(message: string, fix: string | undefined): Problem {
  return { code: 'HB191', severity: 'warning', message, ...(fix === undefined ? {} : { fix }) };
}
