import { expect, test } from 'vitest';
import { isInstalled } from '../../tools/setup/debian.mjs';
import { freePort } from '../fakes/processes.ts';
import { cutThePower } from './cuts.ts';
import { killAgainAndAgain } from './kills.ts';
import { seeded } from './seeded.ts';

test('a node that is killed again and again loses nothing acknowledged and does nothing twice', async () => {
  const report = await killAgainAndAgain({ port: await freePort(), cycles: 8, random: seeded(1), longestMs: 800 });
  expect(report.wrong).toEqual([]);
  expect(report.acts).toBeGreaterThan(100);
  expect(report.jobs).toBeGreaterThan(50);
  expect(report.answered).toBeGreaterThan(100);
});

test.skipIf(!isInstalled('strace'))('so does one whose power is cut', async () => {
  const report = await cutThePower({ port: await freePort(), images: 8, workMs: 3_000, random: seeded(2) });
  expect(report.wrong).toEqual([]);
  expect(report.diskActs).toBeGreaterThan(100);
});
