import { expect, it } from 'vitest';
import { Slabs } from '../../src/broker/slabs.ts';
import { isWire, WireMessage } from '../../src/broker/wire-message.ts';

/** A retained QoS 0 message of nine bytes in the middle of a read of 64 KB. */
function message(): WireMessage {
  const bytes = Buffer.alloc(65_536);
  bytes.set([0x31, 7, 0, 1, 0x61, 1, 2, 3, 4], 100);
  return new WireMessage('a', 'mqtt:c', 4, { bytes, start: 100, idAt: 105, payloadAt: 105, end: 109 });
}

it.each([
  ['before it is replaced', true],
  ['after it was replaced', false],
])('a retained message that a session keeps, noted %s, does not keep its slab in memory', (_when, isBefore) => {
  const slabs = new Slabs(() => [], isWire);
  const kept = message();
  slabs.adopt(kept);
  if (isBefore) kept.detach();
  expect(kept.bytes.length).toBe(65_536);
  kept.onReplaced();
  if (!isBefore) kept.detach();
  expect(kept.bytes.length).toBe(9);
  expect([...kept.payload]).toEqual([1, 2, 3, 4]);
  expect(slabs.size.live).toBe(0);
});
