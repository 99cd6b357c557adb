import { expect, it } from 'vitest';
import { LoginGuard } from '../../../src/broker/access/login-guard.ts';
import { makeFakeClock } from '../../fakes/clock.ts';

it('keeps a bounded memory, whoever tries', () => {
  const guard = new LoginGuard(makeFakeClock());
  for (let count = 0; count < 20_000; count += 1) {
    guard.failed(`10.0.${count >> 8}.${count & 255}`, `user${count}`);
    guard.succeeded(`10.1.${count >> 8}.${count & 255}`, 'x'.repeat(10_000));
  }
  expect(guard.size).toBeLessThanOrEqual(8_192);
});

it('forgets the oldest first', () => {
  const guard = new LoginGuard(makeFakeClock());
  const block = (address: string) => {
    for (let count = 0; count < 5; count += 1) guard.failed(address, 'ann');
  };
  block('old');
  for (let count = 0; count < 2_000; count += 1) guard.failed(`a${count}`, 'eve');
  block('young');
  expect([guard.isBlocked('old', 'ann'), guard.isBlocked('young', 'ann')]).toEqual([true, true]);
  for (let count = 2_000; count < 2_100; count += 1) guard.failed(`a${count}`, 'eve');
  expect([guard.isBlocked('old', 'ann'), guard.isBlocked('young', 'ann')]).toEqual([false, true]);
});

it('blocks anew only after five more failures, and a success ends the series of a user', async () => {
  const clock = makeFakeClock();
  const guard = new LoginGuard(clock);
  const fail = (times: number) => {
    for (let count = 0; count < times; count += 1) guard.failed('a', 'ann');
  };
  fail(5);
  await clock.advance(60_000);
  fail(4);
  expect(guard.isBlocked('a', 'ann')).toBe(false);
  fail(1);
  expect(guard.isBlocked('a', 'ann')).toBe(true);
  await clock.advance(60_000);
  fail(4);
  guard.succeeded('a', 'ann');
  fail(4);
  expect(guard.isBlocked('a', 'ann')).toBe(false);
});
