import { rolldown } from 'rolldown';
import { INPUT_OPTIONS, latinOnly } from './bundle-options.mjs';
import { inRoot } from './root.mjs';

/**
 * Bundles one program as the product is; gives the path of the result.
 * @param {string} source path below the root
 * @param {string} folder below `.cache`
 */
export async function bundleOne(source, folder) {
  const name = source.split('/').at(-1)?.replace(/\.ts$/, '') ?? '';
  const bundle = await rolldown({
    input: { [name]: inRoot(source) },
    cwd: inRoot(),
    ...INPUT_OPTIONS,
    plugins: [latinOnly],
  });
  await bundle.write({ dir: inRoot('.cache', folder), format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
  return inRoot('.cache', folder, `${name}.mjs`);
}
