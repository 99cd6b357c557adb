import type { IUnsubscribePacket } from 'mqtt-packet';
import type { Client } from './client.ts';
import { ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import { isTopicFilter } from './topic-rules.ts';

const BAD_FILTER = 'HB180: this is not a topic filter';

/** MQTT 5 and 3.1.1, 3.10: UNSUBSCRIBE. One code per filter in UNSUBACK, in the same order. [MQTT-3.11.3-1] and 2 */
export function onUnsubscribe(client: Client, session: Session, packet: IUnsubscribePacket): void {
  const { messageId = 0, unsubscriptions } = packet;
  if (unsubscriptions.length === 0) {
    throw new ProtocolError(REASON.protocolError, 'UNSUBSCRIBE without a filter'); // [MQTT-3.10.3-2]
  }
  const granted = unsubscriptions.map((filter) => {
    if (!isTopicFilter(filter)) return REASON.badFilter;
    return session.unsubscribe(filter) ? REASON.success : REASON.noSubscription;
  });
  const words = granted.includes(REASON.badFilter) ? client.words(BAD_FILTER) : {};
  client.send({ cmd: 'unsuback', messageId, granted, ...words });
}
