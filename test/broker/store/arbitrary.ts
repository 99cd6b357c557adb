import fc from 'fast-check';
import type { Waiting } from '../../../src/broker/store/stored-entry.ts';
import type { SessionFacts } from '../../../src/broker/store/stored-session.ts';
import type { Message, Props } from '../../../src/bus/message.ts';

/** Any text that UTF-8 can say. */
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some));
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const qos = fc.constantFrom<0 | 1 | 2>(0, 1, 2);

const props: fc.Arbitrary<Props> = fc.record(
  {
    payloadFormat: fc.constantFrom<0 | 1>(0, 1),
    expiresAt: time,
    contentType: text,
    responseTopic: text,
    correlationData: bytes,
    user: fc.array(fc.tuple(text, text), { maxLength: 4 }),
  },
  { requiredKeys: [] },
);

const body = { topic: name, origin: text, payload: bytes, qos, retain: fc.boolean() };

export const message: fc.Arbitrary<Message & { readonly payload: Buffer }> = fc.oneof(
  fc.record(body),
  fc.record({ ...body, props }),
);

export const waiting: fc.Arbitrary<Waiting> = fc
  .record({
    message,
    qos: fc.constantFrom<1 | 2>(1, 2),
    retain: fc.boolean(),
    ids: fc.array(fc.integer({ min: 1, max: 268_435_455 }), { maxLength: 3 }),
  })
  .chain((entry) =>
    fc.oneof(
      fc.constant(entry),
      fc
        .record({ id: fc.integer({ min: 1, max: 65_535 }), isReleased: fc.boolean() })
        .map((way) => ({ ...entry, ...way })),
    ),
  );

const subscriptionBody = { filter: name, qos, noLocal: fc.boolean(), retainAsPublished: fc.boolean() };
const subscription = fc.oneof(
  fc.record(subscriptionBody),
  fc.record({ ...subscriptionBody, id: fc.integer({ min: 1, max: 268_435_455 }) }),
);

export const facts = fc.record({
  version: fc.constantFrom<3 | 4 | 5>(3, 4, 5),
  owner: text,
  expiryMs: fc.integer({ min: 0, max: 0xffff_ffff }).map((seconds) => seconds * 1_000),
  disconnectedAt: fc.option(time, { nil: undefined }),
  subscriptions: fc.array(subscription, { maxLength: 4 }),
  will: fc.constant(undefined),
}) satisfies fc.Arbitrary<SessionFacts>;
