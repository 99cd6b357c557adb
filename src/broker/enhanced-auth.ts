import type { IAuthPacket } from 'mqtt-packet';
import type { Admission, AuthStep, Exchanging } from './access.ts';
import type { Client } from './client.ts';
import { onMishap } from './mishap.ts';
import { ProtocolError, REASON, reasonText } from './reason.ts';

/** MQTT 5, 4.12: hands the client's data on, and what comes back to the client. */
export function exchangeOn(client: Client, exchanging: Exchanging, data: Uint8Array | undefined): void {
  const step = exchanging.exchange.next(data);
  if (!(step instanceof Promise)) {
    settle(client, exchanging, step);
    return;
  }
  const resume = client.hold();
  void step.then((settled) => {
    try {
      if (client.isOpen) settle(client, exchanging, settled);
    } catch (error) {
      onMishap(client, error);
    }
    resume();
  });
}

/** MQTT 5, 3.15: AUTH from a client, the next word of an exchange or the first of another. */
export function onAuth(client: Client, { reasonCode, properties = {} }: IAuthPacket): void {
  const { authenticationMethod: method, authenticationData: data } = properties;
  const known = client.exchanging?.method ?? client.terms?.authMethod;
  if (known === undefined) throw protocol('AUTH without a method in CONNECT'); // [MQTT-4.12.0-6]
  if (method !== known) throw protocol('AUTH with another method than CONNECT'); // [MQTT-4.12.0-5]
  const { exchanging } = client;
  if (reasonCode === REASON.goOn && exchanging !== undefined) exchangeOn(client, exchanging, data);
  else if (reasonCode === REASON.authenticateAgain && exchanging === undefined) again(client, known, data);
  else throw protocol(`AUTH with the reason ${reasonCode} is not expected`);
}

function settle(client: Client, exchanging: Exchanging, step: AuthStep): void {
  if (!('more' in step)) {
    client.exchanging = undefined;
    exchanging.finish(step, step.data);
    return;
  }
  client.exchanging = exchanging;
  tell(client, REASON.goOn, exchanging.method, step.more); // [MQTT-4.12.0-2]
}

/** MQTT 5, 4.12.1: the client authenticates again; until it is decided it may go on as before. */
function again(client: Client, method: string, data: Uint8Array | undefined): void {
  const { core, peer, session } = client;
  const exchange = core.access.begin?.(method, { clientId: session?.clientId ?? '', peer });
  if (exchange === undefined) throw new ProtocolError(REASON.badAuthMethod, reasonText(REASON.badAuthMethod));
  const finish = (admission: Admission, last: Uint8Array | undefined) => {
    if (!('rights' in admission)) {
      client.close(admission.reason);
      return;
    }
    client.rights = admission.rights;
    tell(client, REASON.success, method, last);
  };
  exchangeOn(client, { method, exchange, finish }, data);
}

function tell(client: Client, reasonCode: number, authenticationMethod: string, data: Uint8Array | undefined): void {
  const more = data === undefined ? {} : { authenticationData: Buffer.from(data) };
  client.send({ cmd: 'auth', reasonCode, properties: { authenticationMethod, ...more } });
}

const protocol = (why: string) => new ProtocolError(REASON.protocolError, why);
