import type { Random } from './random.ts';

/** Does one thing to a stream of packets that no honest client does. */
type Bend = (bytes: Buffer, random: Random) => Buffer;

const INTERESTING: readonly [number, ...number[]] = [0, 1, 0x7f, 0x80, 0xff, 0x2b, 0x23, 0x26, 0x0b, 0xc0, 0xed];

const flipBit: Bend = (bytes, random) => changeAt(bytes, random, (byte) => byte ^ (1 << random.below(8)));
const setByte: Bend = (bytes, random) => changeAt(bytes, random, () => random.pick(INTERESTING));
const randomByte: Bend = (bytes, random) => changeAt(bytes, random, () => random.below(256));
const addOne: Bend = (bytes, random) => changeAt(bytes, random, (byte) => byte + random.pick([1, -1, 2, 16, 128]));

const cutOff: Bend = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));

const takeOut: Bend = (bytes, random) => {
  const { from, to } = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const repeat: Bend = (bytes, random) => {
  const { from, to } = part(bytes, random);
  const piece = bytes.subarray(from, to);
  const times = random.pick([1, 2, 3, 30]);
  return Buffer.concat([bytes.subarray(0, to), ...Array.from({ length: times }, () => piece), bytes.subarray(to)]);
};

const insert: Bend = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), random.bytes(random.between(1, 12)), bytes.subarray(at)]);
};

/** Copies a piece over another place. */
const splice: Bend = (bytes, random) => {
  const { from, to } = part(bytes, random);
  const copy = Buffer.from(bytes);
  bytes.copy(copy, random.below(bytes.length + 1), from, to);
  return copy;
};

/** The length of the first packet says something else. */
const lieAboutLength: Bend = (bytes, random) => {
  const copy = Buffer.from(bytes);
  if (copy.length > 1)
    copy[1] = random.pick([0, 1, 2, (copy[1] ?? 0) + 1, (copy[1] ?? 0) - 1, 0x7f, 0x80, 0xff]) & 0xff;
  return copy;
};

/** A length inside the packet says something else. */
const lieInside: Bend = (bytes, random) => {
  const copy = Buffer.from(bytes);
  if (copy.length < 4) return copy;
  copy.writeUInt16BE(
    random.pick([0, 1, 0xffff, 0x7fff, 0x0100, copy.length]) & 0xffff,
    random.between(2, copy.length - 2),
  );
  return copy;
};

const BENDS: readonly [Bend, ...Bend[]] = [
  flipBit,
  setByte,
  randomByte,
  addOne,
  cutOff,
  takeOut,
  repeat,
  insert,
  splice,
  lieAboutLength,
  lieInside,
];

/** The bytes after one to four changes. */
export function bend(bytes: Buffer, random: Random): Buffer {
  let bent = bytes;
  for (let count = random.pick([1, 1, 1, 2, 4]); count > 0; count -= 1) bent = random.pick(BENDS)(bent, random);
  return bent.subarray(0, 200_000);
}

function changeAt(bytes: Buffer, random: Random, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  const at = random.below(copy.length);
  copy[at] = change(copy[at] ?? 0) & 0xff;
  return copy;
}

function part(bytes: Buffer, random: Random): { from: number; to: number } {
  const from = random.below(bytes.length + 1);
  return { from, to: Math.min(bytes.length, from + random.pick([1, 2, 4, 16, 200])) };
}
