/** A value as it would be written in one line of YAML, for messages and fixes. */
export function yamlValue(value: unknown): string {
  if (typeof value === 'string') return needsQuotes(value) ? JSON.stringify(value) : value;
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${yamlValue(key)}: ${yamlValue(item)}`);
    return `{${pairs.join(', ')}}`;
  }
  return String(value);
}

/** `key: value` for a fix; the key alone when the value is long. A secret is never repeated. */
export function pairText(key: string, value: unknown): string {
  if (SECRET_WORD.test(key) && !/^\$/.test(String(value))) return `${key}: $NAME`;
  const text = value === undefined || value === null ? '' : withoutLogin(yamlValue(value));
  return text === '' || text.length > 60 ? `${key}:` : `${key}: ${text}`;
}

/** `mqtt://ann:…@host`: a password in an address is not repeated. */
function withoutLogin(text: string): string {
  return text.replaceAll(/(:\/\/[^:@/\s]{1,256}:)[^@\s]{1,512}(?=@)/g, '$1…');
}

const SECRET_WORD = /pass|token|secret|key$/i;

/** Characters of a text that are looked at to shorten it: it may come from outside, as long as anybody likes. */
const LONGEST_SEEN = 1_000;

/** Shortened for a message. */
export function shortValue(value: unknown, limit = 40): string {
  if (value === null || value === undefined) return 'nothing';
  const seen = typeof value === 'string' ? value.slice(0, LONGEST_SEEN) : value;
  const text = withoutLogin(yamlValue(seen)).replaceAll(/\s+/g, ' ');
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** What a value is, in words. */
export function sortOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'a number' : `the word ${value === true ? 'true' : 'false'}`;
}

/** A single value as text; undefined for maps, lists and nothing. */
export function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LOOKS_OTHERWISE = /^(?:true|false|null|~|[-+]?[\d.][\d._]*(?:e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+)?$/i;

function needsQuotes(text: string): boolean {
  if (LOOKS_OTHERWISE.test(text)) return true;
  return /^[\s&*!|>'"%@`#?,[\]{}-]|[,[\]{}\n\t]|: |:$| #|\s$/.test(text) && !/^-?\d/.test(text);
}
