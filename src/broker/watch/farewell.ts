import { REASON } from '../reason.ts';

/** Why a client was disconnected, for people: a code of the catalogue and a sentence. */
export interface Farewell {
  readonly code: string;
  readonly why: string;
}

const FAREWELLS: Readonly<Record<number, Farewell>> = {
  [REASON.administrative]: { code: 'HB199', why: 'a person disconnected it' },
  [REASON.keepAliveTimeout]: { code: 'HB180', why: 'it was silent for longer than its keep alive allows' },
  [REASON.quota]: { code: 'HB184', why: 'it did not take its messages' },
  [REASON.takenOver]: { code: 'HB198', why: 'another connection came with its client id' },
  [REASON.unspecified]: { code: 'HB186', why: 'the broker failed on one of its packets' },
};

/** Undefined where the reason has been told already, or is no fault of the client: the node stops. */
export function farewellOf(reason: number): Farewell | undefined {
  return FAREWELLS[reason];
}
