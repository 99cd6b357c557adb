import { Composer, type Document, LineCounter, Parser } from 'yaml';

/** The first syntax error: what follows it is mostly its echo. */
export interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

export interface ParsedYaml {
  /** Absent for an empty file and for one that cannot be composed at all. */
  readonly document?: Document.Parsed;
  readonly error?: YamlFault;
  /** Where a second document starts, which a scheme must not have. */
  readonly secondAt?: number;
}

/** YAML 1.2, core schema, no merge keys. Every error comes back as data. */
export function parseYaml(text: string): ParsedYaml {
  try {
    return compose(text);
  } catch (error) {
    // The composer is recursive; the limits before it make this rare.
    if (!(error instanceof RangeError)) throw error;
    return { error: { code: 'TOO_DEEP', message: error.message, pos: [0, 1] } };
  }
}

function compose(text: string): ParsedYaml {
  const counter = new LineCounter();
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: false,
    logLevel: 'silent',
  });
  const tokens = new Parser(counter.addNewLine).parse(text);
  const [document, second] = composer.compose(tokens, false, text.length);
  if (document === undefined) return {};
  const error = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  return {
    document,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message, pos: error.pos } }),
    ...(second === undefined ? {} : { secondAt: second.range[0] }),
  };
}
