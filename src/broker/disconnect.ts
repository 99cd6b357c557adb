import type { IDisconnectPacket } from 'mqtt-packet';
import type { Client } from './client.ts';
import { ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';

/** MQTT 5 and 3.1.1, 3.14: the client says goodbye; no will, unless it asks for it. [MQTT-3.14.4-3] */
export function onDisconnect(client: Client, session: Session, packet: IDisconnectPacket): void {
  const expiry = packet.properties?.sessionExpiryInterval;
  if (expiry !== undefined) {
    if (session.expiryMs === 0 && expiry > 0) {
      throw new ProtocolError(REASON.protocolError, 'a session that ends with the connection cannot live on'); // 3.14.2.2.2
    }
    session.expiryMs = expiry * 1_000;
  }
  if ((packet.reasonCode ?? 0) === REASON.success) client.will = undefined;
  client.part();
}
