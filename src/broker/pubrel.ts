import type { IPubrelPacket } from 'mqtt-packet';
import type { Client } from './client.ts';
import { REASON } from './reason.ts';
import type { Session } from './session.ts';

const UNKNOWN = 'HB180: no message with this packet identifier waits to be released';

/** MQTT 5, 3.6: the client releases its QoS 2 message; the identifier is free again. [MQTT-4.3.3-11] and 12 */
export function onPubrel(client: Client, session: Session, { messageId = 0 }: IPubrelPacket): void {
  if (session.received.delete(messageId)) {
    session.delivery.kept?.receivedChanged();
    client.send({ cmd: 'pubcomp', messageId, reasonCode: REASON.success });
  } else client.send({ cmd: 'pubcomp', messageId, reasonCode: REASON.idNotFound, ...client.words(UNKNOWN) });
}
