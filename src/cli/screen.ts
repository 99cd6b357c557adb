import type { Sink, World } from './world.ts';

export type Tint = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** How a verb speaks: answers on standard output, everything else on standard error. */
export interface Screen {
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly columns: number;
  /** A line of the answer. */
  out(line: string): void;
  /** Text of the answer as it is, bytes for bytes. */
  raw(text: string): void;
  /** One JSON document of the answer. */
  json(value: object): void;
  /** A line beside the answer; silent with `--quiet`. */
  note(line: string): void;
  /** A line about what went wrong; never silent. */
  wrong(line: string): void;
  tint(tint: Tint, text: string): string;
}

const CODES: Readonly<Record<Tint, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
};

export interface ScreenFlags {
  readonly colour: boolean;
  readonly quiet: boolean;
}

export function makeScreen(world: Pick<World, 'env' | 'stdout' | 'stderr'>, flags: ScreenFlags): Screen {
  const { stdout, stderr, env } = world;
  const unicode = speaksUtf8(env);
  const colour = wantsColour(env, stdout, flags.colour);
  const plain = (text: string) => (unicode ? text : toAscii(text));
  const put = (sink: Sink, line: string) => sink.write(`${plain(sink.isTTY ? disarmed(line) : line).trimEnd()}\n`);
  return {
    colour,
    unicode,
    columns: stdout.columns,
    out: (line) => put(stdout, line),
    raw: (text) => stdout.write(text),
    json: (value) => stdout.write(`${JSON.stringify(value)}\n`),
    note: (line) => flags.quiet || put(stderr, line),
    wrong: (line) => put(stderr, line),
    tint(tint, text) {
      const [on, off] = CODES[tint];
      return colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /\u001b(?!\[\d{1,2}m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** What others sent, an MQTT payload say, must not steer the terminal: only line breaks, tabs and colours pass. */
export function disarmed(text: string): string {
  return text.replace(CONTROL, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function wantsColour(env: World['env'], sink: Sink, flag: boolean): boolean {
  if (!flag) return false;
  if ((env.NO_COLOR ?? '') !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return sink.isTTY && env.TERM !== 'dumb';
}

/** No locale at all counts as UTF-8: that is what containers and services have. `C`, `POSIX` and Latin-1 do not. */
export function speaksUtf8(env: World['env']): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((text) => text !== undefined && text !== '');
  return locale === undefined || /utf-?8/i.test(locale);
}

const ASCII: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '▲': '!',
  '●': '*',
  '○': 'o',
  '◌': '?',
  '·': '-',
  '→': '->',
  '–': '-',
  '…': '...',
  '°': 'deg',
  µ: 'u',
  μ: 'u',
  '²': '2',
  '³': '3',
  '±': '+-',
  Ω: 'Ohm',
};

/** Columns stay where they are: what a letter takes more than one place is taken from the gap that follows. */
export function toAscii(text: string): string {
  let grown = 0;
  return text.replace(/\P{ASCII}|\n| {2,}/gu, (part) => {
    if (part === '\n' || part.startsWith(' ')) {
      const taken = part === '\n' ? 0 : Math.min(grown, part.length - 1);
      grown = part === '\n' ? 0 : grown - taken;
      return part.slice(taken);
    }
    const plain = ASCII[part] ?? (part.normalize('NFKD').replace(/[^ -~]/g, '') || '?');
    grown += plain.length - 1;
    return plain;
  });
}
