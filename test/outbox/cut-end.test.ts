import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { openOutbox } from '../../src/outbox/open-outbox.ts';
import { makeFakeLog } from '../fakes/log.ts';

test('a file of the outbox that is shorter than it was made is told of, also when it ends behind a whole record', async () => {
  const path = mkdtempSync(join(tmpdir(), 'hanbus-outbox-'));
  try {
    const { log, lines } = makeFakeLog();
    const options = { path, clock: makeSystemClock(), log, limits: { alarmBytes: 0 } };
    const outbox = await openOutbox(options);
    outbox.reader('away');
    await outbox.add({ class: 'sync', topic: 't', payload: Buffer.from('x'), time: Date.now(), keep: 'all' });
    await outbox.close();
    expect(lines).toEqual([]);
    const [segment = ''] = readdirSync(path).filter((name) => name.endsWith('.log'));
    truncateSync(join(path, segment), 64);
    await (await openOutbox(options)).close();
    expect(lines.map(({ text }) => text)).toEqual(['the end of the outbox was cut off']);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
