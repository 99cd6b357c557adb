import { HanbusError } from '../kit/errors.ts';

/** The outbox did not take it: who offered it must keep it, or tell that it is lost. */
export class NotAccepted extends HanbusError {
  constructor(code: 'HB370' | 'HB371' | 'HB372' | 'HB373', message: string, facts: { fix: string; cause?: unknown }) {
    super(code, message, facts);
    this.name = 'NotAccepted';
  }
}
