import type { IPubrelPacket } from 'mqtt-packet';
import type { Client } from './client.ts';
import { REASON } from './reason.ts';
import type { Session } from './session.ts';
import { settleThen } from './settle-publish.ts';

const UNKNOWN = 'HB180: no message with this packet identifier waits to be released';

/**
 * MQTT 5, 3.6: the client releases its QoS 2 message; the identifier is free again. [MQTT-4.3.3-11] and 12. Where the
 * disk has it, the answer waits until it has not: after `kill -9` the next message with it would be taken for this one.
 */
export function onPubrel(client: Client, session: Session, { messageId = 0 }: IPubrelPacket): void {
  const { kept } = session.delivery;
  const answer = () => client.send({ cmd: 'pubcomp', messageId, reasonCode: REASON.success });
  if (session.received.delete(messageId)) {
    kept?.receivedChanged();
    if (kept?.hasReceived(messageId) === true) settleThen(client, session, answer);
    else answer();
  } else client.send({ cmd: 'pubcomp', messageId, reasonCode: REASON.idNotFound, ...client.words(UNKNOWN) });
}
