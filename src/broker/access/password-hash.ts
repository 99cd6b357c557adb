import { randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** How costly a hash is. RFC 7914: N = 2^ln blocks of 128 * r bytes, p times. */
interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

interface Parsed extends Cost {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** 32 MB and about 200 ms on a Raspberry Pi 4. */
const COST: Cost = { ln: 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Of a hash that others wrote: no more memory than this for one login. */
const MOST_MEMORY = 128 * 1024 * 1024;
const MOST_PASSES = 16;

/** Without letters and digits that look alike. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 6;
const GROUP_LETTERS = 4;

/** 120 bits, easy to type: `k7pm-...`. */
export function makePassword(): string {
  const letter = () => LETTERS.charAt(randomInt(LETTERS.length));
  const group = () => Array.from({ length: GROUP_LETTERS }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, both base64 without padding. */
export async function hashPassword(password: Uint8Array): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return hashText({ ...COST, salt, hash: await derive(password, { ...COST, salt, length: HASH_BYTES }) });
}

/** Whether the password has this hash; false for text that is no hash. Takes as long for a wrong one as for a right one. */
export async function isPasswordOf(password: Uint8Array, text: string): Promise<boolean> {
  const parsed = parseHash(text);
  if (parsed === undefined) return false;
  return timingSafeEqual(await derive(password, { ...parsed, length: parsed.hash.length }), parsed.hash);
}

export function isPasswordHash(text: string): boolean {
  return parseHash(text) !== undefined;
}

/** The hash of a password that nobody has: it costs as much as a real one. */
export function dummyHash(): string {
  return hashText({ ...COST, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) });
}

function hashText({ ln, r, p, salt, hash }: Parsed): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

function parseHash(text: string): Parsed | undefined {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z\d+/]{11,86})\$([A-Za-z\d+/]{22,86})$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [ln = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const isBounded = ln >= 1 && r >= 1 && p >= 1 && 128 * 2 ** ln * r <= MOST_MEMORY && p <= MOST_PASSES;
  if (!isBounded) return undefined;
  return { ln, r, p, salt: Buffer.from(match[4] ?? '', 'base64'), hash: Buffer.from(match[5] ?? '', 'base64') };
}

function derive(
  password: Uint8Array,
  { ln, r, p, salt, length }: Cost & { salt: Buffer; length: number },
): Promise<Buffer> {
  const cost = 2 ** ln;
  const options: ScryptOptions = { N: cost, r, p, maxmem: 128 * cost * r + 128 * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}
