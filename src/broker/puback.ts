import type { IPubackPacket } from 'mqtt-packet';
import type { Session } from './session.ts';

/** MQTT 5, 3.4: the client has a QoS 1 message, or does not want it; either way it is done. [MQTT-4.3.2-3] */
export function onPuback(session: Session, { messageId = 0 }: IPubackPacket): void {
  session.delivery.done(messageId);
  session.schedule();
}
