import { expect, test } from 'vitest';
import { startOutboxPage } from '../../src/bridge/outbox-page.ts';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { item, openOn } from '../outbox/harness.ts';
import { FakeDisk } from '../state/log/fake-disk.ts';

test('the ledger is told when it has changed, once a minute at most', async () => {
  const { outbox, clock } = await openOn(new FakeDisk());
  outbox.reader('cloud');
  const bus = new Bus((error) => {
    throw error;
  });
  const said: unknown[] = [];
  bus.subscribe('hanbus/n/$outbox', (message) => void said.push(JSON.parse(textOf(message))), { origin: 'test' });
  const stop = startOutboxPage({ bus, node: 'n', clock, outbox });
  await clock.advance(600_000);
  expect(said).toHaveLength(1);
  await outbox.add(item(1));
  await outbox.add(item(2));
  await clock.advance(60_000);
  expect(said).toHaveLength(2);
  expect(said[1]).toMatchObject({
    state: 'ok',
    records: 2,
    readers: { cloud: { accepted: 2, queued: 2, delivered: 0 } },
  });
  expect(bus.retainedAt('hanbus/n/$outbox')).toBeDefined();
  stop();
  await outbox.close();
  expect(clock.pending).toBe(0);
});
