import { HanbusError, reasonOf } from '../kit/errors.ts';

type Code = 'HB370' | 'HB372' | 'HB373';

/** The outbox did not take it: who offered it must keep it, or tell that it is lost. */
export class NotAccepted extends HanbusError {
  constructor(code: Code, message: string, facts: { fix: string; cause?: unknown }) {
    super(code, message, facts);
    this.name = 'NotAccepted';
  }
}

export function diskRefuses(folder: string, cause: unknown): NotAccepted {
  const message = `the outbox in ${folder} cannot be written now: ${reasonOf(cause)}`;
  return new NotAccepted('HB370', message, { fix: `free some space, or make ${folder} writable`, cause });
}

export function outboxClosed(folder: string): NotAccepted {
  return new NotAccepted('HB370', `the outbox in ${folder} is closed`, { fix: 'nothing to do: the node stops' });
}

export function isFull(records: number, bytes: number): NotAccepted {
  const message = `the outbox is full: ${records} items, ${bytes} bytes wait`;
  return new NotAccepted('HB372', message, { fix: 'bring the destinations back, or take them out of the scheme' });
}

export function isTooLarge(size: number, most: number): NotAccepted {
  const message = `an item of ${size} bytes is too large for the outbox`;
  return new NotAccepted('HB373', message, { fix: `${most} bytes at most` });
}
