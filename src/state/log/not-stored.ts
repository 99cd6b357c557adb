import { HanbusError, reasonOf } from '../../kit/errors.ts';

/** What was to be stored is not on the disk: who was promised it must not be told that it is. */
export class NotStored extends HanbusError {
  constructor(folder: string, cause: unknown) {
    super('HB122', `nothing can be stored in ${folder} now: ${reasonOf(cause)}`, {
      fix: `free some space, or make ${folder} writable for hanbus`,
      cause,
    });
    this.name = 'NotStored';
  }
}
