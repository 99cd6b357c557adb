/** The value in a JSON text; undefined when it is none (JSON has no undefined). Who must tell why parses by himself. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the contract: what is no JSON has no value
  }
}
