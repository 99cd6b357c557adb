// Bundles src/cli/hanbus.ts with its packages: starting one file costs a third of the CPU of starting many.
// Runs under the pinned Node, started by tools/setup/build.mjs.
import { rolldown } from 'rolldown';
import { ENTRY } from './setup/bundle-state.mjs';
import { inRoot } from './setup/root.mjs';

const bundle = await rolldown({
  input: { hanbus: ENTRY },
  cwd: inRoot(),
  platform: 'node',
  // Native code stays where npm put it; a port loads it when it is first used.
  external: [/^node:/, 'koffi'],
  tsconfig: false,
  logLevel: 'warn',
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
