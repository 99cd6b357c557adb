import type { UserProperties } from 'mqtt-packet';
import type { Props } from '../bus/message.ts';

/** The properties of a PUBLISH or a will as the codec gives them. */
export interface PacketProperties {
  readonly payloadFormatIndicator?: boolean;
  readonly messageExpiryInterval?: number;
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly correlationData?: Buffer;
  readonly userProperties?: UserProperties;
}

/**
 * The properties that travel with a message; the expiry becomes wall time. `now`: wall time, ms. `user`: the user
 * properties in their order; without it they are grouped by name.
 */
export function makeProps(
  properties: PacketProperties | undefined,
  now: number,
  user = properties?.userProperties === undefined ? undefined : pairsOf(properties.userProperties),
): Props | undefined {
  if (properties === undefined) return undefined;
  const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData } = properties;
  return {
    ...(payloadFormatIndicator === undefined ? {} : { payloadFormat: payloadFormatIndicator ? 1 : 0 }),
    ...(messageExpiryInterval === undefined ? {} : { expiresAt: now + messageExpiryInterval * 1_000 }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
    ...(user === undefined ? {} : { user }),
  };
}

function pairsOf(properties: UserProperties): [string, string][] {
  return Object.entries(properties).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((text): [string, string] => [name, text]),
  );
}
