import { describe, expect, it } from 'vitest';
import { playExchange } from './exchange/exchange.ts';

/** Seeds that are always played; `HANBUS_SEED` plays one alone. */
const SEEDS = Array.from({ length: 30 }, (_, index) => 1_000 + index);
const only = process.env.HANBUS_SEED;
const STEPS = 30;

describe('many clients at once get exactly what the specification gives them', () => {
  it.each(only === undefined ? SEEDS : [Number(only)])('seed %i', async (seed) => {
    await expect(playExchange(seed, STEPS)).resolves.toBeUndefined();
  });
});
