import { describe, expect, it } from 'vitest';
import { makeTestBroker, turns } from '../broker/packet-client.ts';
import { type Malformed, malformedPackets } from './malformed.ts';
import { malformedConnects } from './malformed-connect.ts';
import { openRawLink } from './raw-link.ts';
import { connect, type Version } from './wire.ts';

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

/** What is no CONNECT of MQTT is closed without a word. */
const MUTE = new Set(['PINGREQ', 'PUBLISH', 'another protocol', 'a protocol name that is cut off']);

const title = ({ name, clause }: Malformed) => `${name} (${clause})`;

describe.each([3, 4, 5] as const)('what no client may send, version %i', (version) => {
  const hello = connect(version, { clientId: 'm', clean: true });
  const splits = (bytes: Buffer) => [bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3)];

  for (const one of malformedPackets(version)) {
    it(title(one), async () => {
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
    it(`first ${title(one)}`, async () => {
      for (const writes of [[one.bytes], splits(one.bytes)]) {
        const { packets, isClosed } = await play(version, writes);
        expect(isClosed).toBe(true);
        expect(packets.length).toBeLessThan(2);
        const [answer] = packets;
        if (version === 5 && !MUTE.has(one.name)) expect(answer?.cmd).toBe('connack');
        if (answer === undefined) continue;
        if (version === 5) expect(one.reasons).toContain(answer.cmd === 'connack' ? answer.reasonCode : -1);
        else expect(answer.cmd === 'connack' ? answer.returnCode : 0).toBeGreaterThan(0);
      }
    });
  }
});
