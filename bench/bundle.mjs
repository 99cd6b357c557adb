// Bundles the benches into .cache/bench. Runs under the pinned Node, started by bench.mjs.
import { rolldown } from 'rolldown';
import { INPUT_OPTIONS, latinOnly } from '../tools/setup/bundle-options.mjs';
import { inRoot } from '../tools/setup/root.mjs';

for (const name of process.argv.slice(2)) {
  const bundle = await rolldown({
    input: { [name]: inRoot('bench', `${name}.ts`) },
    cwd: inRoot(),
    ...INPUT_OPTIONS,
    plugins: [latinOnly],
  });
  await bundle.write({ dir: inRoot('.cache', 'bench'), format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
}
