import { describe, expect, it } from 'vitest';
import { clientIdOf, shownAddress } from '../../src/bridge/engine-client.ts';
import { propertiesOf, propsOf } from '../../src/bridge/engine-props.ts';
import { outboundFilters, purposeOf } from '../../src/bridge/engine-topics.ts';
import type { Message } from '../../src/bus/message.ts';
import { matches } from '../../src/bus/subscription.ts';

describe('the client id', () => {
  it('has at most 23 characters and tells nodes apart', () => {
    expect(clientIdOf('kitchen')).toBe('hb-kitchen');
    const long = ['a'.repeat(31), `${'a'.repeat(30)}b`].map(clientIdOf);
    expect(long[0]).not.toBe(long[1]);
    expect(long.every((id) => id.length <= 23)).toBe(true);
  });
});

describe('topics of the engine', () => {
  it.each([
    ['hanbus/kitchen/pump/state/set', 'command'],
    ['hanbus/kitchen/pump/state/$cmd', 'command'],
    ['hanbus/kitchen/air/t/$publish/set', 'command'],
    ['hanbus/kitchen/$req/list', 'command'],
    ['hanbus/kitchen/air/t', 'own'],
    ['hanbus/garden/air/t', 'foreign'],
    ['hanbus/garden/pump/state/set', 'none'],
    ['zigbee2mqtt/lamp', 'none'],
  ])('%s is %s', (topic, purpose) => expect(purposeOf(topic, 'kitchen')).toBe(purpose));

  it.each([
    ['$state', true],
    ['$info', true],
    ['$res/list', true],
    ['air/$meta', true],
    ['air/t', true],
    ['air/t/$publish', true],
    ['pump/state/$ack', true],
    ['air/t/$v', false],
    ['air/t/set', false],
    ['air/t/$publish/set', false],
  ])('%s is sent: %s', (rest, isSent) => {
    const topic = `hanbus/kitchen/${rest}`;
    expect(outboundFilters('kitchen').filter((filter) => matches(filter, topic)).length).toBe(isSent ? 1 : 0);
  });
});

describe('properties', () => {
  it('go out and come back', () => {
    const props = {
      contentType: 'text/plain',
      responseTopic: 'r',
      correlationData: Buffer.from('c'),
      payloadFormat: 1,
      expiresAt: 61_000,
      user: [
        ['a', '1'],
        ['a', '2'],
        ['b', '3'],
      ],
    } as const;
    const message: Message = { topic: 't', payload: 'x', retain: false, qos: 0, origin: 'o', props };
    const sent = propertiesOf(message, 1_000);
    expect(sent.messageExpiryInterval).toBe(60);
    expect(propsOf(sent, 1_000)).toEqual(props);
  });

  it('of a reading are unit, time, quality, epoch and sequence', () => {
    const reading = { value: 1, unit: '%', quality: 'good', epoch: 2, sequence: 3 } as const;
    const message: Message = { topic: 't', payload: { reading, form: 'plain' }, retain: true, qos: 0, origin: 'o' };
    expect(propertiesOf(message, 0)).toEqual({ userProperties: { u: ['%'], q: ['good'], e: ['2'], s: ['3'] } });
  });
});

describe('what the log shows of an address', () => {
  it('has no password', () => {
    expect(shownAddress('mqtt://user:secret@broker.lan:1883')).toBe('broker.lan:1883');
    expect(shownAddress('nonsense secret')).toBe('the engine');
  });
});
