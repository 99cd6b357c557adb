/** The secrets in the text of a secrets file: lines `NAME=value`, in quotes or not, as a shell would read them. */
export function secretsIn(text: string): Record<string, string> {
  const pairs = text.matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(.*)$/gm);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, unquoted(value)]));
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}
