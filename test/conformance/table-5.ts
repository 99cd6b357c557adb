import { accessProofs } from './access-5.ts';
import { aliasProofs } from './alias-5.ts';
import { authProofs } from './auth-5.ts';
import { authStepProofs } from './auth-steps-5.ts';
import { badSubscribeProofs } from './bad-subscribe-5.ts';
import { connackProofs } from './connack-5.ts';
import { connectProofs } from './connect-5.ts';
import { connectionProofs } from './connection-5.ts';
import { disconnectProofs } from './disconnect-5.ts';
import { ELSEWHERE_5 } from './elsewhere-5.ts';
import { EXCEPTIONS_5 } from './exceptions-5.ts';
import { expiryProofs } from './expiry-5.ts';
import { flowProofs } from './flow-5.ts';
import { keepAliveProofs } from './keep-alive-5.ts';
import { NOT_YET_5 } from './not-yet-5.ts';
import { publishProofs } from './publish-5.ts';
import { qosInProofs } from './qos-in-5.ts';
import { qosOutProofs } from './qos-out-5.ts';
import { redeliveryProofs } from './redelivery-5.ts';
import { retainProofs } from './retain-5.ts';
import { sessionProofs } from './session-5.ts';
import { sharedProofs } from './shared-5.ts';
import { sizeProofs } from './size-5.ts';
import { STATEMENTS_5 } from './statements-5.ts';
import { subscribeProofs } from './subscribe-5.ts';
import { notYet, type Table } from './table.ts';
import { textProofs } from './text-5.ts';
import { topicProofs } from './topic-5.ts';
import { unsubscribeProofs } from './unsubscribe-5.ts';
import { willProofs } from './will-5.ts';

const PROOFS = [
  ...textProofs,
  ...connectProofs,
  ...connectionProofs,
  ...connackProofs,
  ...accessProofs,
  ...sessionProofs,
  ...willProofs,
  ...keepAliveProofs,
  ...sizeProofs,
  ...publishProofs,
  ...expiryProofs,
  ...retainProofs,
  ...aliasProofs,
  ...flowProofs,
  ...qosInProofs,
  ...qosOutProofs,
  ...redeliveryProofs,
  ...subscribeProofs,
  ...badSubscribeProofs,
  ...unsubscribeProofs,
  ...sharedProofs,
  ...topicProofs,
  ...disconnectProofs,
  ...authProofs,
  ...authStepProofs,
];

/** MQTT 5.0, OASIS Standard, 7 March 2019, appendix B. */
export const TABLE_5: Table = {
  title: 'MQTT 5.0',
  version: 5,
  statements: STATEMENTS_5,
  proofs: notYet(PROOFS, NOT_YET_5),
  references: ELSEWHERE_5,
  exceptions: EXCEPTIONS_5,
};
