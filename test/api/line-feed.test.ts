import { expect, it } from 'vitest';
import { LineFeed } from '../../src/api/line-feed.ts';
import { makeFakeClock, settle } from '../fakes/clock.ts';

function makeFeed(opening: readonly object[] = []) {
  const clock = makeFakeClock();
  const ended = { count: 0 };
  const onEnd = () => {
    ended.count += 1;
  };
  const feed = new LineFeed(opening, { clock, limits: { waiting: 3, stalledMs: 1_000 }, onEnd });
  const reader = feed.body.getReader();
  const read = async () => {
    const { done, value } = await reader.read();
    return done ? 'end' : Buffer.from(value).toString('utf8').trim();
  };
  return { clock, ended, feed, read };
}

it('gives the opening before what was pushed', async () => {
  const { feed, read } = makeFeed([{ n: 1 }, { n: 2 }]);
  feed.push(() => ({ n: 3 }));
  expect([await read(), await read(), await read()]).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
});

it('waits for news without spending anything', async () => {
  const { feed, read } = makeFeed();
  const waiting = read();
  await settle();
  feed.push(() => ({ n: 1 }));
  expect(await waiting).toBe('{"n":1}');
});

it('drops the oldest for a slow reader and tells how many', async () => {
  const { feed, read } = makeFeed();
  for (let n = 1; n <= 6; n += 1) feed.push(() => ({ n }));
  const got = [];
  for (let count = 0; count < 4; count += 1) got.push(await read());
  expect(got).toEqual(['{"hanbus":"watch/1","dropped":3}', '{"n":4}', '{"n":5}', '{"n":6}']);
});

it('sends a reader away that takes nothing', async () => {
  const { clock, ended, feed } = makeFeed();
  for (let n = 1; n <= 6; n += 1) feed.push(() => ({ n }));
  await clock.advance(1_100);
  expect(ended.count).toBe(1);
});

it('keeps a reader that has nothing to take', async () => {
  const { clock, ended, feed, read } = makeFeed();
  const waiting = read();
  await clock.advance(100_000);
  expect(ended.count).toBe(0);
  feed.close();
  expect(await waiting).toBe('end');
  expect(ended.count).toBe(1);
});
