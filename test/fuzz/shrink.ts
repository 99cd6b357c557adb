import type { Action, Script } from './script.ts';

/** Trials at most: a script that takes long is not tried for ever. */
const TRIALS = 2_000;

/** A shorter script that still fails: actions are taken out, then bytes cut off, as long as it does. */
export async function shrink(script: Script, fails: (script: Script) => Promise<boolean>): Promise<Script> {
  let trials = TRIALS;
  const isBad = async (candidate: Script) => {
    trials -= 1;
    return trials > 0 && (await fails(candidate));
  };
  let best = script;
  for (let size = Math.ceil(script.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = best.length - size; at > -size; at -= size) {
      const from = Math.max(at, 0);
      const candidate = best.toSpliced(from, at + size - from);
      if (await isBad(candidate)) best = candidate;
    }
  }
  for (let at = 0; at < best.length; at += 1) best = await shorten(best, at, isBad);
  return best;
}

/** The same with fewer bytes in one write. */
async function shorten(script: Script, at: number, isBad: (script: Script) => Promise<boolean>): Promise<Script> {
  let best = script;
  for (let part = 2; part <= 64; part *= 2) {
    const action = best[at];
    if (action?.do !== 'write' || action.bytes.length < 2) return best;
    const bytes = action.bytes.subarray(0, action.bytes.length - Math.ceil(action.bytes.length / part));
    const shorter: Action = { ...action, bytes };
    const candidate = best.with(at, shorter);
    if (await isBad(candidate)) {
      best = candidate;
      part = 1;
    }
  }
  return best;
}
