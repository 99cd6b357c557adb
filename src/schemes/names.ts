/** A node, device or point name: starts with a letter, then letters, digits and `_`, 32 characters at most. */
export const NAME_PATTERN = '^[a-z][a-z0-9_]{0,31}$';

const name = new RegExp(NAME_PATTERN);

/** Node names with a meaning of their own in topics. */
export const RESERVED_NODE_NAMES: readonly string[] = ['at', 'home', 'local'];

export function isName(text: string): boolean {
  return name.test(text);
}

/**
 * The nearest valid name to any text: a host name, a mount point, a sensor label.
 * `fallback` is the word put before text that does not start with a letter (`1wire` becomes `n_1wire`).
 */
export function nameFrom(text: string, fallback = 'n'): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const named = /^[a-z]/.test(plain) ? plain : `${fallback}${plain === '' ? '' : `_${plain}`}`;
  return named.slice(0, 32).replace(/_+$/, '');
}

/** The first of `wanted`, `wanted_2`, `wanted_3` ... that is not taken; always a valid name. */
export function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(wanted)) return wanted;
  for (let count = 2; ; count += 1) {
    const suffix = `_${count}`;
    const candidate = `${wanted.slice(0, 32 - suffix.length)}${suffix}`;
    if (!isTaken(candidate)) return candidate;
  }
}
