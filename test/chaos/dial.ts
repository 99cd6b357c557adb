import { connect, type IClientOptions, type MqttClient, type OnMessageCallback } from 'mqtt';

/** The client whose session lasts. */
export const KEEPER: IClientOptions = {
  clientId: 'keeper',
  clean: false,
  properties: { sessionExpiryInterval: 86_400 },
};

/** Opens a connection, once. It listens from the first byte on: what waits in a session comes right behind the CONNACK. */
export function dial(port: number, options: IClientOptions, hear: OnMessageCallback): Promise<MqttClient> {
  const all = { reconnectPeriod: 0, protocolVersion: 5 as const, connectTimeout: 5_000, ...options };
  const client = connect(`mqtt://127.0.0.1:${port}`, all);
  client.on('message', hear);
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client));
    client.on('error', (error) => {
      client.end(true);
      reject(error);
    });
    client.once('close', () => reject(new Error('the connection was closed')));
  });
}
