import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeNode, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { hanbus } from './world.ts';

let node: FakeNode;

beforeAll(async () => {
  node = await startFakeNode();
});

afterAll(async () => {
  await node.stop();
});

it('outbox', async () => {
  await expectGolden('outbox', ['outbox'], await hanbus(['outbox'], { env: { HANBUS_RUNTIME: node.runtime } }));
});

it('the canned answer adds up, as a real one must', async () => {
  const { OUTBOX } = await import('../fakes/outbox-answer.ts');
  for (const { accepted, delivered, queued, expired, dropped } of OUTBOX.readers) {
    expect(delivered + queued + expired + dropped.age + dropped.full + dropped.damage + dropped.superseded).toBe(
      accepted,
    );
  }
});
