// Bundles the benches into .cache/bench. Runs under the pinned Node, started by bench.mjs.
import { bundleOne } from '../tools/setup/bundle-one.mjs';

for (const name of process.argv.slice(2)) await bundleOne(`bench/${name}.ts`, 'bench');
