export interface ErrorFacts {
  readonly fix?: string;
  readonly cause?: unknown;
}

/** Every error that hanbus throws on purpose: a code to look up, a message that says what failed, a fix. */
export class HanbusError extends Error {
  readonly code: string;
  readonly fix: string | undefined;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'HanbusError';
    this.code = code;
    this.fix = facts.fix;
  }
}

/** The options of a device cannot work: never retried, a person must change them. */
export class OptionsError extends HanbusError {
  constructor(message: string, facts: ErrorFacts = {}) {
    super('HB140', message, facts);
    this.name = 'OptionsError';
  }
}

export interface UnavailableFacts extends ErrorFacts {
  /** When trying again makes sense, in ms from now. */
  readonly retryAfterMs?: number;
  readonly code?: string;
}

/** The device does not answer now: the runner retries with back-off. */
export class Unavailable extends HanbusError {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: UnavailableFacts = {}) {
    super(facts.code ?? 'HB141', message, facts);
    this.name = 'Unavailable';
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** The device said goodbye: close quietly. */
export class Ended extends HanbusError {
  constructor(message = 'the device ended') {
    super('HB142', message);
    this.name = 'Ended';
  }
}

/** The words of anything thrown, for a log or a health topic. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** There is no file at the path, or no folder on the way to it. */
export function isAbsent(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
