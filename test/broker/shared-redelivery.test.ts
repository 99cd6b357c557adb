import { describe, expect, it } from 'vitest';
import { connect, makeTestBroker, publishPacket, subscribe, turns } from './packet-client.ts';

const FILTER = '$share/g/jobs';

/** Two members of one group, and a publisher; the first gets the first message. */
async function world(first: object) {
  const made = makeTestBroker();
  const { client: one } = await connect(made, 5, { clientId: 'one', ...first });
  await subscribe(one, FILTER, { qos: 2 });
  const { client: two } = await connect(made, 5, { clientId: 'two' });
  await subscribe(two, FILTER, { qos: 2 });
  const { client: publisher } = await connect(made, 5, { clientId: 'publisher' });
  const say = async (payload: string, qos: 1 | 2) => {
    publisher.send(publishPacket('jobs', payload, { qos, messageId: 9 }));
    await turns();
  };
  return { ...made, one, two, say };
}

const texts = (packets: readonly { payload: string | Buffer }[]) => packets.map(({ payload }) => String(payload));

describe('a member of a shared group that goes', () => {
  it('leaves its unacknowledged QoS 1 messages to the others when its session ends', async () => {
    const { one, two, say, broker } = await world({});
    await say('a', 1);
    await say('b', 1);
    expect(texts(await one.takePublishes())).toEqual(['a']);
    expect(texts(await two.takePublishes())).toEqual(['b']);
    one.stream.destroy();
    expect(texts(await two.takePublishes())).toEqual(['a']);
    expect(broker.ledger().isEven).toBe(true);
    expect(broker.ledger().went.dropped.gone).toBe(0);
  });

  it('leaves them at once when its session stays and another member is there', async () => {
    const { one, two, say, broker } = await world({ properties: { sessionExpiryInterval: 100 } });
    await say('a', 1);
    expect(texts(await one.takePublishes())).toEqual(['a']);
    one.stream.destroy();
    expect(texts(await two.takePublishes())).toEqual(['a']);
    expect(broker.ledger().isEven).toBe(true);
  });

  it('keeps them when nobody else is there', async () => {
    const made = await world({ properties: { sessionExpiryInterval: 100 } });
    await made.say('a', 1);
    made.two.stream.destroy();
    await turns();
    made.one.stream.destroy();
    await turns();
    const options = { clientId: 'one', clean: false, properties: { sessionExpiryInterval: 100 } };
    const { client: again } = await connect(made, 5, options);
    const [packet] = await again.takePublishes();
    expect(packet).toMatchObject({ dup: true, topic: 'jobs' });
    expect(made.broker.ledger().isEven).toBe(true);
  });

  it('[MQTT-4.8.2-5] never leaves a QoS 2 message that was sent to another', async () => {
    const { one, two, say, broker } = await world({});
    await say('a', 2);
    expect(texts(await one.takePublishes())).toEqual(['a']);
    one.stream.destroy();
    expect(await two.take()).toEqual([]);
    expect(broker.ledger()).toMatchObject({ isEven: true, went: { dropped: { gone: 1 } } });
  });

  it('[MQTT-4.8.2-6] a message that a member refuses goes to nobody else', async () => {
    const { one, two, say } = await world({});
    await say('a', 1);
    const [packet] = await one.takePublishes();
    one.send({ cmd: 'puback', messageId: packet?.messageId ?? 0, reasonCode: 0x83 });
    await turns();
    one.stream.destroy();
    expect(await two.take()).toEqual([]);
  });
});
