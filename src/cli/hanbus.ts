// What `hanbus` starts. The only file of src that works when it is imported.
import { main } from './main.ts';

await main();
