import { expect, it } from 'vitest';
import { Pace } from '../../../src/broker/listen/pace.ts';
import { turns } from '../packet-client.ts';

it('serves a few at once, and a crowd in its order with turns of others between', async () => {
  const pace = new Pace();
  const served: number[] = [];
  for (let count = 0; count < 1_000; count += 1) pace.run(() => served.push(count));
  expect(served.length).toBe(48);
  await turns(1);
  expect(served.length).toBe(96);
  pace.run(() => served.push(1_000));
  await turns(40);
  expect(served).toEqual(Array.from({ length: 1_001 }, (_, index) => index));
  await turns(1);
  pace.run(() => served.push(-1));
  expect(served.at(-1)).toBe(-1);
});
