import { expect, it } from 'vitest';
import { InTurn } from '../../src/kit/in-turn.ts';

it('runs tasks one after the other; one that fails tells who asked, and the next comes', async () => {
  const turns = new InTurn();
  const seen: string[] = [];
  let release: () => void = () => undefined;
  const first = turns.run(async () => {
    seen.push('first begins');
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    seen.push('first fails');
    throw new Error('broken');
  });
  const second = turns.run(async () => seen.push('second'));
  await Promise.resolve();
  expect(seen).toEqual(['first begins']);
  release();
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(seen).toEqual(['first begins', 'first fails', 'second']);
});
