// What `hanbus` starts. The only file of src that works when it is imported.
import { main } from './main.ts';

// A kernel file that hangs holds a thread of the pool until the kernel answers. Four, the default, would be few.
process.env.UV_THREADPOOL_SIZE ??= '16';

await main();
