// Bundles src/cli/hanbus.ts with its packages: starting one file costs a third of the CPU of starting many.
// Runs under the pinned Node, started by tools/setup/build.mjs.
import { rolldown } from 'rolldown';
import { INPUT_OPTIONS, latinOnly } from './setup/bundle-options.mjs';
import { ENTRY } from './setup/bundle-state.mjs';
import { inRoot } from './setup/root.mjs';

const bundle = await rolldown({
  input: { hanbus: ENTRY },
  cwd: inRoot(),
  ...INPUT_OPTIONS,
  plugins: [latinOnly],
});
await bundle.write({
  dir: inRoot('dist'),
  cleanDir: true,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: 'chunks/[name]-[hash].mjs',
  sourcemap: false,
  minify: 'dce-only',
});
await bundle.close();
