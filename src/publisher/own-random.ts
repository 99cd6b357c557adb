/**
 * A random stream of its own for each device, so that one that fails and draws often changes nothing for the others.
 * FNV-1a of the name, then mulberry32.
 */
export function ownRandom(seed: number, name: string): () => number {
  let state = (Math.floor(seed * 0x1_0000_0000) ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < name.length; at += 1) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
