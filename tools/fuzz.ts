// `npm run fuzz -- --minutes 30 --seed 1`: sends a broker what nobody sends on purpose, until the time is over.
// `--replay <file>` plays what a failure has left; `--tcp` goes through a socket instead of memory.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dialMemory, playAlone } from '../test/fuzz/arena.ts';
import { dialTcp } from '../test/fuzz/dial-tcp.ts';
import { runFuzzer } from '../test/fuzz/fuzzer.ts';
import { parseScripts } from '../test/fuzz/script.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    replay: { type: 'string' },
    tcp: { type: 'boolean', default: false },
  },
});
const dial = values.tcp ? dialTcp : dialMemory;

if (values.replay === undefined) {
  const isGood = await runFuzzer({ seed: Number(values.seed), minutes: Number(values.minutes), dial });
  process.exitCode = isGood ? 0 : 1;
} else {
  await playAlone(parseScripts(readFileSync(values.replay, 'utf8')), dial);
  process.stdout.write('played; nothing is wrong\n');
}
