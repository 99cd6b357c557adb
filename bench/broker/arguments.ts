/** What one run of the broker bench measures. */
export interface Wish {
  /** Names of cases; empty for all. */
  readonly cases: readonly string[];
  /** Names of brokers; empty for all. */
  readonly brokers: readonly string[];
  /** Each case and broker is measured so many times; medians are shown. */
  readonly rounds: number;
  readonly seconds: number;
  readonly json: boolean;
  /** The frozen subscriber sleeps for 60 s, not for 20. */
  readonly long: boolean;
  /** The whole program could not be built: `bench.mjs` says so. */
  readonly withoutNode: boolean;
  /** Flags of the Node that runs our broker; absent: those of the product. */
  readonly nodeFlags?: readonly string[];
}

const FLAGS = new Set(['--json', '--long', '--without-node']);
const VALUES = new Set(['--rounds', '--seconds', '--brokers', '--node-flags']);

/** Words are cases; `--name value` and `--name=value` mean the same. Throws a sentence. */
export function parseArguments(words: readonly string[]): Wish {
  const { cases, values } = sorted(words);
  const flags = values.get('--node-flags');
  return {
    cases,
    brokers: list(values.get('--brokers'), ','),
    rounds: count(values, '--rounds', 3),
    seconds: count(values, '--seconds', 4),
    json: values.has('--json'),
    long: values.has('--long'),
    withoutNode: values.has('--without-node'),
    ...(flags === undefined ? {} : { nodeFlags: list(flags, ' ') }),
  };
}

function sorted(words: readonly string[]): { cases: string[]; values: Map<string, string> } {
  const cases: string[] = [];
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [name = '', inline] = word.includes('=') ? split(word) : [word];
    if (!word.startsWith('--')) cases.push(word);
    else if (FLAGS.has(name)) values.set(name, '');
    else if (!VALUES.has(name)) throw new Error(`${word} is not known; known: ${[...FLAGS, ...VALUES].join(', ')}`);
    else if (inline !== undefined) values.set(name, inline);
    else values.set(name, words[++index] ?? '');
  }
  return { cases, values };
}

function split(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

const list = (text: string | undefined, by: string): string[] =>
  (text ?? '').split(by).filter((part) => part.trim() !== '');

function count(values: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const value = Number(values.get(name) ?? otherwise);
  if (!(value >= 1 && value <= 1_000)) throw new Error(`${name} takes a number from 1 to 1000`);
  return value;
}
