// What `hanbus` starts. The only file of src that works when it is imported.
import { run } from './main.ts';
import { makeProcessWorld } from './process-world.ts';

process.exitCode = await run(process.argv.slice(2), makeProcessWorld());
