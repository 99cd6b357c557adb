import { expect, test } from 'vitest';
import { isInstalled } from '../../tools/setup/debian.mjs';
import { freePort } from '../fakes/processes.ts';
import { cutThePower } from './cuts.ts';
import { killAgainAndAgain } from './kills.ts';
import { seeded } from './seeded.ts';

test('a node that is killed again and again loses nothing acknowledged and does nothing twice', async () => {
  const report = await killAgainAndAgain({ port: await freePort(), cycles: 5, random: seeded(1), longestMs: 800 });
  expect(report.wrong).toEqual([]);
  const { acts, jobs, answers, records } = report.story;
  expect(acts.length).toBeGreaterThan(100);
  expect(jobs.length).toBeGreaterThan(50);
  expect(new Set(answers.map(({ id }) => id)).size).toBeGreaterThan(100);
  expect(records.found.size).toBeGreaterThan(50);
});

test.skipIf(!isInstalled('strace'))('so does one whose power is cut', async () => {
  const report = await cutThePower({ ports: [await freePort()], images: 5, workMs: 2_000, seed: 2 });
  expect(report.wrong).toEqual([]);
  expect(report.diskActs).toBeGreaterThan(100);
  expect(report.jobs).toBeGreaterThan(100);
  expect(report.records).toBeGreaterThan(100);
});
