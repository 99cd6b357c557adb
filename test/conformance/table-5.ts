import { connectProofs } from './connect-5.ts';
import { connectionProofs } from './connection-5.ts';
import { EXCEPTIONS_5 } from './exceptions-5.ts';
import { keepAliveProofs } from './keep-alive-5.ts';
import { NOT_YET_5 } from './not-yet-5.ts';
import { retainProofs } from './retain-5.ts';
import { sessionProofs } from './session-5.ts';
import { STATEMENTS_5 } from './statements-5.ts';
import { notYet, type Table } from './table.ts';
import { textProofs } from './text-5.ts';
import { willProofs } from './will-5.ts';

const PROOFS = [
  ...textProofs,
  ...connectProofs,
  ...connectionProofs,
  ...sessionProofs,
  ...willProofs,
  ...keepAliveProofs,
  ...retainProofs,
];

/** MQTT 5.0, OASIS Standard, 7 March 2019, appendix B. */
export const TABLE_5: Table = {
  title: 'MQTT 5.0',
  version: 5,
  statements: STATEMENTS_5,
  proofs: notYet(PROOFS, NOT_YET_5),
  references: [],
  exceptions: EXCEPTIONS_5,
};
