import type { IPublishPacket } from 'mqtt';
import { type Message, type Props, readingOf } from '../bus/message.ts';

type Properties = NonNullable<IPublishPacket['properties']>;

/** The MQTT 5 properties of a message from the bus; a reading adds unit, time, quality, epoch and sequence. */
export function propertiesOf(message: Message, now: number): Properties {
  const { contentType, responseTopic, correlationData, payloadFormat, expiresAt } = message.props ?? {};
  const user = Object.entries(
    Object.groupBy([...(message.props?.user ?? []), ...readingPairs(message)], ([name]) => name),
  );
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
    ...(payloadFormat === undefined ? {} : { payloadFormatIndicator: payloadFormat === 1 }),
    ...(expiresAt === undefined ? {} : { messageExpiryInterval: Math.max(Math.ceil((expiresAt - now) / 1_000), 0) }),
    ...(user.length === 0
      ? {}
      : {
          userProperties: Object.fromEntries(user.map(([name, pairs = []]) => [name, pairs.map(([, value]) => value)])),
        }),
  };
}

/** The properties of a message from the engine, for the bus. */
export function propsOf(properties: Properties | undefined, now: number): Props | undefined {
  if (properties === undefined) return undefined;
  const { contentType, responseTopic, correlationData, payloadFormatIndicator, messageExpiryInterval } = properties;
  const user = Object.entries(properties.userProperties ?? {}).flatMap(([name, value]) =>
    [value].flat().map((text): [string, string] => [name, text]),
  );
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData }),
    ...(payloadFormatIndicator === undefined ? {} : { payloadFormat: payloadFormatIndicator ? 1 : 0 }),
    ...(messageExpiryInterval === undefined ? {} : { expiresAt: now + messageExpiryInterval * 1_000 }),
    ...(user.length === 0 ? {} : { user }),
  };
}

function readingPairs(message: Message): [string, string][] {
  const reading = readingOf(message);
  if (reading === undefined) return [];
  const { unit, time, quality, epoch, sequence } = reading;
  return [
    ...(unit === undefined ? [] : [['u', unit] satisfies [string, string]]),
    ...(time === undefined ? [] : [['t', String(time)] satisfies [string, string]]),
    ['q', quality],
    ['e', String(epoch)],
    ['s', String(sequence)],
  ];
}
