import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Arena, playAlone } from './arena.ts';
import { composeScript } from './compose-script.ts';
import { makeRandom } from './random.ts';
import { formatScripts, parseScripts } from './script.ts';

const CORPUS = join(import.meta.dirname, 'corpus');
/** Seeds that are always played, so many on one broker. */
const BATCHES = 12;
const BATCH = 50;

describe('what broke a broker once', () => {
  it.each(readdirSync(CORPUS).sort())('%s', async (file) => {
    await expect(playAlone(parseScripts(readFileSync(join(CORPUS, file), 'utf8')))).resolves.toBeUndefined();
  });
});

describe('what nobody sends on purpose', () => {
  it.each(Array.from({ length: BATCHES }, (_, batch) => batch * BATCH))(
    `${BATCH} scripts from seed %i`,
    async (first) => {
      const arena = new Arena();
      for (let seed = first; seed < first + BATCH; seed += 1) {
        await expect(arena.play(composeScript(seed)), `seed ${seed}`).resolves.toBeUndefined();
      }
      await arena.close();
    },
  );

  it('is the same for the same seed, and again from its file', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const script = composeScript(seed);
      expect(composeScript(seed)).toEqual(script);
      expect(formatScripts(parseScripts(formatScripts([script])))).toBe(formatScripts([script]));
    }
    expect(makeRandom(1).bytes(8)).toEqual(Buffer.from('f3c9ebfd2b30f05c', 'hex'));
  });
});
