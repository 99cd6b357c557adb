import type { Client } from './client.ts';

/** MQTT 5, 3.12. [MQTT-3.12.4-1] */
export function onPingreq(client: Client): void {
  client.send({ cmd: 'pingresp' });
}
