const MOST = 1_000;

/** What a term or a test may be made of to say the same wherever it stands: constants and the message alone. */
const ALIKE = new Set([
  ...['const', 'message', 'topic', 'negate', 'convert', 'call', '%', '*', '+', '-', '/'],
  ...['and', 'or', 'not', 'true', 'in', '=', '!=', '<', '<=', '>', '>='],
]);

/**
 * Compiled code by what was compiled. Rules made after one pattern share it: it is small, and stays in the caches of the
 * processor however many of them there are.
 */
export class SharedCode<Code> {
  readonly #known = new Map<string, Code>();

  /** `source`: a term, a test, or something with terms in it. Code that looks at more than the message is not shared. */
  take(source: object, compile: () => Code): Code {
    if (!isAlike(source)) return compile();
    const key = JSON.stringify(source);
    let code = this.#known.get(key);
    if (code === undefined) {
      code = compile();
      if (this.#known.size >= MOST) this.#known.clear();
      this.#known.set(key, code);
    }
    return code;
  }
}

function isAlike(part: unknown): boolean {
  if (typeof part === 'number') return Number.isFinite(part) && !Object.is(part, -0);
  if (typeof part !== 'object' || part === null) return true;
  if ('op' in part && (typeof part.op !== 'string' || !ALIKE.has(part.op))) return false;
  // Hysteresis remembers, and a toggle looks at its target.
  if ('hysteresis' in part || ('from' in part && part.from === 'toggle')) return false;
  return Object.values(part).every(isAlike);
}
