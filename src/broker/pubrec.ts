import type { IPubrecPacket } from 'mqtt-packet';
import type { Client } from './client.ts';
import { REASON } from './reason.ts';
import type { Session } from './session.ts';

const UNKNOWN = 'HB180: no message with this packet identifier is on its way';

/** MQTT 5, 3.5: first answer to a QoS 2 message. A reason code of 0x80 or more ends it there. [MQTT-4.3.3-4] */
export function onPubrec(client: Client, session: Session, { messageId = 0, reasonCode = 0 }: IPubrecPacket): void {
  if (reasonCode >= 0x80) {
    session.delivery.done(messageId);
    session.schedule();
    return;
  }
  if (session.delivery.release(messageId)) client.send({ cmd: 'pubrel', messageId, reasonCode: REASON.success });
  else client.send({ cmd: 'pubrel', messageId, reasonCode: REASON.idNotFound, ...client.words(UNKNOWN) });
}
