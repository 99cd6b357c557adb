import type { IConnectPacket } from 'mqtt-packet';
import type { BrokerLimits } from './limits.ts';
import { OutAliases } from './out-aliases.ts';
import type { Terms } from './terms.ts';

export interface TermsWish extends Pick<Terms, 'session' | 'version' | 'isBridge' | 'will' | 'rights'> {
  readonly packet: IConnectPacket;
  readonly limits: BrokerLimits;
}

/** What is agreed with a client: what its CONNECT asks for, within our limits. */
export function termsOf({ packet, limits, ...given }: TermsWish): Terms {
  const { properties = {} } = packet;
  const { topicAliasMaximum = 0, authenticationMethod } = properties;
  return {
    ...given,
    window: Math.min(properties.receiveMaximum ?? 65_535, limits.inflight), // [MQTT-3.3.4-9]
    maxPacket: properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
    keepAliveMs: keepAliveOf(packet, limits) * 1_000,
    wantsReasons: properties.requestProblemInformation !== false,
    aliases: topicAliasMaximum === 0 ? undefined : new OutAliases(Math.min(topicAliasMaximum, limits.topicAliases)),
    authMethod: authenticationMethod,
  };
}

/** Seconds. MQTT 5 clients are told another than they asked for. [MQTT-3.2.2-21] */
export function keepAliveOf({ keepalive = 0, protocolVersion }: IConnectPacket, { keepAlive }: BrokerLimits): number {
  if (protocolVersion !== 5 || keepAlive === 0) return keepalive;
  return keepalive === 0 ? keepAlive : Math.min(keepalive, keepAlive);
}
