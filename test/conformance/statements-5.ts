import { CONNECT_STATEMENTS } from './statements-5-connect.ts';
import { OPERATION_STATEMENTS } from './statements-5-operation.ts';
import { PUBLISH_STATEMENTS } from './statements-5-publish.ts';
import { SUBSCRIBE_STATEMENTS } from './statements-5-subscribe.ts';
import type { Statement } from './table.ts';

/** MQTT 5.0, OASIS Standard of 7 March 2019, appendix B: 251 statements. The list begins section 2.2.1 with number 2. */
export const STATEMENTS_5: readonly Statement[] = [
  ...CONNECT_STATEMENTS,
  ...PUBLISH_STATEMENTS,
  ...SUBSCRIBE_STATEMENTS,
  ...OPERATION_STATEMENTS,
];
