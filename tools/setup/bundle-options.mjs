/** How hanbus and its benches are bundled: the same, so that the benches measure the product. */
export const INPUT_OPTIONS = {
  platform: 'node',
  // Native code stays where npm put it; a port loads it when it is first used.
  external: [/^node:/, 'koffi'],
  tsconfig: false,
  logLevel: 'warn',
};

/**
 * One character beyond Latin-1 makes V8 keep the whole source of a chunk with two bytes a character. Written as an
 * escape it means the same: in strings, templates, regular expressions and comments.
 */
export const latinOnly = {
  name: 'latin-only',
  generateBundle(_options, chunks) {
    for (const chunk of Object.values(chunks)) {
      if (chunk.type === 'chunk') chunk.code = escaped(chunk.code, chunk.fileName);
    }
  },
};

const RAW = /String\.raw\s*`[^`]*[\u0100-\uffff][^`]*`/;

export function escaped(code, name) {
  if (RAW.test(code)) throw new Error(`${name}: a raw template cannot hold a character beyond Latin-1`);
  return code.replace(/[\u0100-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
