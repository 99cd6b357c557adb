/** A word where it stands: from its first letter to after its last. */
export interface WordSpan {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

/** Quoted text, and what is in brackets, up to two deep. */
const CLOSED = /"[^"]*"|'[^']*'|\((?:[^()]|\([^()]*\))*\)|\{[^{}]*\}|\[[^[\]]*\]/g;

/** Where these words stand alone, outside of quotes and brackets. */
export function wordsOutside(text: string, words: readonly string[]): readonly WordSpan[] {
  const blanked = text.replaceAll(CLOSED, (closed) => '_'.repeat(closed.length));
  const found = blanked.matchAll(new RegExp(`(?<=^|\\s)(?:${words.join('|')})(?=\\s|$)`, 'gi'));
  return [...found].map(({ 0: word, index }) => ({ word: word.toLowerCase(), from: index, to: index + word.length }));
}
