import { expect, it } from 'vitest';
import { makeReplayLine } from '../../src/rule-runner/replay-line.ts';
import { settle } from '../fakes/clock.ts';

it('runs one at a time, lets four wait, and refuses more until there is room', async () => {
  const line = makeReplayLine();
  const ends: (() => void)[] = [];
  const run = () => line(() => new Promise<string>((resolve) => void ends.push(() => resolve('done'))));
  const asked = Array.from({ length: 5 }, run);
  await settle();
  expect(ends).toHaveLength(1);
  await expect(run()).rejects.toMatchObject({ code: 'HB349' });
  for (let index = 0; index < 5; index += 1) {
    ends[index]?.();
    await settle();
  }
  expect(await Promise.all(asked)).toEqual(['done', 'done', 'done', 'done', 'done']);
  const again = run();
  await settle();
  ends[5]?.();
  expect(await again).toBe('done');
});

it('one that fails lets the next in', async () => {
  const line = makeReplayLine();
  const failed = line(() => Promise.reject(new Error('no history')));
  await expect(failed).rejects.toThrow('no history');
  expect(await line(async () => 'done')).toBe('done');
});
