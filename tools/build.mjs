// `npm run build`: writes dist/hanbus.mjs, the one file (and its chunks) that runs.
import { endWith } from './setup/say.mjs';
import { setUp } from './setup.mjs';

try {
  await setUp();
} catch (error) {
  endWith(error);
}
