import { expect, it } from 'vitest';
import {
  dummyHash,
  hashPassword,
  isPasswordHash,
  isPasswordOf,
  makePassword,
} from '../../../src/broker/access/password-hash.ts';

const bytes = (text: string) => Buffer.from(text);
const unpadded = (hex: string) => Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '');

it('knows the vector of RFC 7914, section 12', async () => {
  const hash =
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
    'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
  const salt = Buffer.from('SodiumChloride').toString('base64').replace(/=+$/, '');
  const text = `$scrypt$ln=14,r=8,p=1$${salt}$${unpadded(hash)}`;
  expect(await isPasswordOf(bytes('pleaseletmein'), text)).toBe(true);
  expect(await isPasswordOf(bytes('pleaseletmeout'), text)).toBe(false);
});

it('makes a hash with its own salt that only its password has', async () => {
  const [one, other] = await Promise.all([hashPassword(bytes('secret')), hashPassword(bytes('secret'))]);
  expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z\d+/]{22}\$[A-Za-z\d+/]{43}$/);
  expect(other).not.toBe(one);
  expect(isPasswordHash(one)).toBe(true);
  expect(await isPasswordOf(bytes('secret'), one)).toBe(true);
  expect(await isPasswordOf(bytes('Secret'), one)).toBe(false);
  expect(await isPasswordOf(bytes(''), one)).toBe(false);
});

it('costs as much for a user that nobody knows', async () => {
  const cost = (text: string) => text.split('$')[2];
  expect(cost(dummyHash())).toBe(cost(await hashPassword(bytes('x'))));
  expect(await isPasswordOf(bytes(''), dummyHash())).toBe(false);
});

it.each([
  '',
  'secret',
  '$scrypt$ln=15,r=8,p=1$c2FsdA$',
  '$scrypt$ln=40,r=8,p=1$c2FsdHNhbHRzYWx0$c2FsdHNhbHRzYWx0c2FsdHNhbHQ',
  '$scrypt$ln=15,r=99,p=1$c2FsdHNhbHRzYWx0$c2FsdHNhbHRzYWx0c2FsdHNhbHQ',
  '$scrypt$ln=15,r=8,p=99$c2FsdHNhbHRzYWx0$c2FsdHNhbHRzYWx0c2FsdHNhbHQ',
  '$2b$10$abcdefghijklmnopqrstuv',
])('%j is no hash, and nobody has its password', async (text) => {
  expect(isPasswordHash(text)).toBe(false);
  expect(await isPasswordOf(bytes('secret'), text)).toBe(false);
});

it('makes passwords of 120 bits that can be typed', () => {
  const made = new Set(Array.from({ length: 100 }, () => makePassword()));
  expect(made.size).toBe(100);
  for (const password of made) expect(password).toMatch(/^(?:[a-km-z2-9]{4}-){5}[a-km-z2-9]{4}$/);
});
