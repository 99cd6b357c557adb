import { isNestedDeeper } from './json-depth.ts';

/** Levels of lists and maps; of more, whoever walks through the value would overflow the stack. */
export const DEEPEST_JSON = 64;

/**
 * The value in a JSON text; undefined when it is none (JSON has no undefined) or is nested too deep. Who must tell why
 * parses by himself.
 */
export function jsonIn(text: string): unknown {
  if (isNestedDeeper(text, DEEPEST_JSON)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the contract: what is no JSON has no value
  }
}
