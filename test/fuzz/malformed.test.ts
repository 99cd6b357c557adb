import { describe, expect, it } from 'vitest';
import { makeTestBroker, turns } from '../broker/packet-client.ts';
import { type Malformed, malformedPackets } from './malformed.ts';
import { malformedConnects } from './malformed-connect.ts';
import { openRawLink } from './raw-link.ts';
import { connect, type Version } from './wire.ts';

/** What the broker does not refuse yet, or with another reason. */
const OPEN = new Set([
  '3 PINGREQ with content (3.12)',
  '3 UNSUBSCRIBE of what is not UTF-8 (1.5.4-1)',
  '3 a filter that is not UTF-8 (1.5.4-1)',
  '3 a packet that is too large (3.1.2-24)',
  '3 first a client id that is not UTF-8 (1.5.4-1)',
  '3 first a user name that is not UTF-8 (1.5.4-1)',
  '3 first a will topic that is not UTF-8 (1.5.4-1)',
  '3 first more than a CONNECT (4.13)',
  '4 PINGREQ with content (3.12)',
  '4 UNSUBSCRIBE of what is not UTF-8 (1.5.4-1)',
  '4 a filter that is not UTF-8 (1.5.4-1)',
  '4 a packet that is too large (3.1.2-24)',
  '4 first a client id that is not UTF-8 (1.5.4-1)',
  '4 first a user name that is not UTF-8 (1.5.4-1)',
  '4 first a will topic that is not UTF-8 (1.5.4-1)',
  '4 first more than a CONNECT (4.13)',
  '5 DISCONNECT with the expiry twice (3.14.2.2.2)',
  '5 PINGREQ with content (3.12)',
  '5 PUBACK with a property of PUBLISH (2.2.2.2)',
  '5 UNSUBSCRIBE of what is not UTF-8 (1.5.4-1)',
  '5 a content type that is not UTF-8 (1.5.4-1)',
  '5 a filter that is not UTF-8 (1.5.4-1)',
  '5 a packet that is too large (3.1.2-24)',
  '5 a property of CONNACK in PUBLISH (2.2.2.2)',
  '5 a property of CONNECT in PUBLISH (2.2.2.2)',
  '5 a property of PUBLISH in SUBSCRIBE (2.2.2.2)',
  '5 a user property that is not UTF-8 (1.5.4-1)',
  '5 first a client id that is not UTF-8 (1.5.4-1)',
  '5 first a user name that is not UTF-8 (1.5.4-1)',
  '5 first a will topic that is not UTF-8 (1.5.4-1)',
  '5 first more than a CONNECT (4.13)',
  '5 first request problem information 2 (3.1.2.11.7)',
  '5 first request response information 2 (3.1.2.11.6)',
  '5 payload format 2 (3.3.2.3.2)',
  '5 properties whose length is cut off (4.13)',
]);

/** What the broker says last, and whether it closes. */
async function play(version: Version, writes: readonly Uint8Array[]) {
  const world = makeTestBroker();
  const link = openRawLink(world.broker, version);
  for (const bytes of writes) {
    link.write(bytes);
    await turns(3);
  }
  await turns(4);
  expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
  return { packets: link.inbox.map(({ packet }) => packet), isClosed: link.isClosed };
}

const title = ({ name, clause }: Malformed) => `${name} (${clause})`;
const testOf = (version: number, name: string) => (OPEN.has(`${version} ${name}`) ? it.fails : it);

describe.each([3, 4, 5] as const)('what no client may send, version %i', (version) => {
  const hello = connect(version, { clientId: 'm', clean: true });
  const splits = (bytes: Buffer) => [bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3)];

  for (const one of malformedPackets(version)) {
    testOf(version, title(one))(title(one), async () => {
      for (const writes of [[hello, one.bytes], [Buffer.concat([hello, one.bytes])], [hello, ...splits(one.bytes)]]) {
        const { packets, isClosed } = await play(version, writes);
        expect(isClosed).toBe(true);
        expect(packets.map(({ cmd }) => cmd)).toEqual(version === 5 ? ['connack', 'disconnect'] : ['connack']);
        const last = packets[1];
        if (last?.cmd === 'disconnect') expect(one.reasons).toContain(last.reasonCode);
      }
    });
  }

  for (const one of malformedConnects(version)) {
    testOf(version, `first ${title(one)}`)(`first ${title(one)}`, async () => {
      for (const writes of [[one.bytes], splits(one.bytes)]) {
        const { packets, isClosed } = await play(version, writes);
        expect(isClosed).toBe(true);
        expect(packets.length).toBeLessThan(2);
        const [answer] = packets;
        if (answer === undefined) continue;
        if (version === 5) expect(one.reasons).toContain(answer.cmd === 'connack' ? answer.reasonCode : -1);
        else expect(answer.cmd === 'connack' ? answer.returnCode : 0).toBeGreaterThan(0);
      }
    });
  }
});
