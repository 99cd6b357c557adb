/** The first numbers of neighbouring seeds are neighbours too: they are not used. */
const UNUSED = 5;

/** Numbers 0 <= x < 1 that are the same for the same seed (Lehmer's generator). */
export function seeded(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
  const next = (): number => {
    state = (state * 16_807) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
  for (let count = 0; count < UNUSED; count += 1) next();
  return next;
}
