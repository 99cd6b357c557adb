/** A file name with `*` for any part of it, as an include writes it. */
export function wildcard(text: string): RegExp {
  const literal = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '[^/]*')}$`);
}
