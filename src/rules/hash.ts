/** Four words of 32 bits that take in text and numbers. Not for secrets: it tells causes apart. */
export interface Hash {
  a: number;
  b: number;
  c: number;
  d: number;
}

export const makeHash = (): Hash => ({ a: 0x9e3779b9, b: 0x243f6a88, c: 0xb7e15162, d: 0x5be0cd19 });

export const copyHash = ({ a, b, c, d }: Hash): Hash => ({ a, b, c, d });

function addWord(hash: Hash, word: number): void {
  const a = Math.imul(hash.a ^ word, 0x85ebca6b);
  const b = Math.imul(hash.b ^ word, 0xc2b2ae35);
  const c = Math.imul(hash.c ^ word, 0x27d4eb2f);
  const d = Math.imul(hash.d ^ word, 0x165667b1);
  hash.a = b ^ (a >>> 15) ^ (d << 7);
  hash.b = c ^ (b >>> 13) ^ (a << 11);
  hash.c = d ^ (c >>> 16) ^ (b << 5);
  hash.d = a ^ (d >>> 14) ^ (c << 9);
}

export function addText(hash: Hash, text: string): void {
  for (let index = 0; index < text.length; index += 1) addWord(hash, text.charCodeAt(index));
  // The length keeps `ab` + `c` and `a` + `bc` apart.
  addWord(hash, text.length | 0x80000000);
}

/** Any number; whole ones up to 2^53 and halves of ms are told apart. */
export function addNumber(hash: Hash, value: number): void {
  addWord(hash, value | 0);
  addWord(hash, Math.floor(value / 0x100000000) | 0);
  if (!Number.isInteger(value)) addText(hash, String(value));
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hexOf(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;
}

/** 32 hexadecimal digits. The hash is used up. */
export function hashText(hash: Hash): string {
  for (const word of [0x5bd1e995, 0x1b873593, 0xcc9e2d51, 0x2545f491]) addWord(hash, word);
  return hexOf(hash.a) + hexOf(hash.b) + hexOf(hash.c) + hexOf(hash.d);
}
