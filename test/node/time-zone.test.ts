import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemTimeZone } from '../../src/node/time-zone.ts';

const OWN = Intl.DateTimeFormat().resolvedOptions().timeZone;

test.each([
  ['Europe/Paris', '/usr/share/zoneinfo/Asia/Tokyo', 'Europe/Paris'],
  ['', '/usr/share/zoneinfo/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  [undefined, '../usr/share/zoneinfo/Etc/UTC', 'Etc/UTC'],
  ['CET-1CEST', '/usr/share/zoneinfo/Asia/Tokyo', OWN],
  [undefined, '/usr/share/zoneinfo/localtime', OWN],
  [undefined, 'elsewhere', OWN],
  [undefined, undefined, OWN],
])('TZ %j and a link to %j: %s', (variable, target, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-zone-'));
  try {
    const file = join(folder, 'localtime');
    if (target !== undefined) symlinkSync(target, file);
    const zone = systemTimeZone(variable, file);
    expect(zone).toBe(expected);
    expect(() => Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
