import type { IPubcompPacket } from 'mqtt-packet';
import type { Session } from './session.ts';

/** MQTT 5, 3.7: the end of a QoS 2 message to the client. */
export function onPubcomp(session: Session, { messageId = 0 }: IPubcompPacket): void {
  session.delivery.done(messageId);
  session.schedule();
}
