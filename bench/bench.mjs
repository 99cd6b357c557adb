// `npm run bench`: prints the figures of this machine, and asserts nothing. `--json` for machines; words choose some:
// `npm run bench -- bus points`. `npm run bench -- broker` is a bench of its own: README.md of this folder.
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { FOR_BENCH, installDebianPackages } from '../tools/setup/debian.mjs';
import { environmentFor } from '../tools/setup/pinned-node.mjs';
import { inRoot, ROOT } from '../tools/setup/root.mjs';
import { run, runForeground } from '../tools/setup/run.mjs';
import { endWith, say } from '../tools/setup/say.mjs';
import { setUp } from '../tools/setup.mjs';

const BENCHES = ['bus', 'cold-start', 'engine', 'history', 'outbox', 'points', 'scheme-edits', 'table'];
/** What we aim at, beside the figure of that name; nothing is asserted. */
const GOALS = {
  'bus deliveries/s': '>= 5,000,000',
  'cold start to first reading, median of 5, ms': '<= 1,500',
  'memory at rest, MB': '<= 80',
  'CPU with these points, % of one core': '<= 10',
  'readings/s, 1,000 rules, one looks and nothing happens': '>= 1,000,000',
  'readings/s, 1,000 rules, one acts at every second': '>= 1,000,000',
  'messages in and out/s, 1,000 rules, one matches': '>= 1,000,000',
  'memory per rule at rest, 1,000 rules, B': '<= 2,048',
  'memory per rule with its traces, 1,000 rules, B': '<= 2,048',
  'outbox lazy records/s, delivered': '>= 500,000',
  'outbox lazy records/s, nobody reads': '>= 500,000',
  'outbox sync records/s, saturated': '>= 300,000',
  'outbox sync p50 at 1,000/s, ms': '<= 1',
  'outbox bytes sent to the disk a record of 108 bytes, groups of 200': '<= 200',
};
/** Programs that benches start in a process of their own. */
const SUBJECTS = ['node-alone'];
/** The broker beside others takes long and writes tables: it runs when its name is the first word. */
const BROKER = ['broker', 'broker-load', 'broker-sender', 'broker-storm', 'broker-alone', 'aedes-alone'];

/** Rules beside Node-RED: they run when their name is the first word. */
const RULES = ['rules', 'rules-load'];

/** Bundled as the product is: memory and start-up of loose sources would be those of another program. */
async function bundle(names, node, options) {
  mkdirSync(inRoot('.cache', 'bench'), { recursive: true });
  const { code, output } = await run(node, [inRoot('bench', 'bundle.mjs'), ...names], { ...options, quiet: true });
  if (code !== 0) throw new Error(`the benches could not be built:\n${output}`);
}

/** Figures of one bench; none when it failed, so that the others still tell theirs. */
async function figuresOf(name, node, options) {
  say(`measuring ${name}`);
  const { code, output } = await run(node, [inRoot('.cache', 'bench', `${name}.mjs`)], { ...options, quiet: true });
  const last = output.trim().split('\n').at(-1) ?? '';
  if (code === 0 && last.startsWith('{')) return JSON.parse(last);
  say(`${name} failed:\n${output.trim()}`);
  process.exitCode = 1;
  return {};
}

function show(figures) {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  for (const [name, value] of Object.entries(figures)) {
    const goal = GOALS[name] === undefined ? '' : `  goal ${GOALS[name]}`;
    process.stdout.write(`${name.padEnd(width)}  ${value.toLocaleString('en').padStart(12)}${goal}\n`);
  }
}

async function measureAll(node, options) {
  await bundle([...BENCHES, ...SUBJECTS], node, options);
  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const chosen = words.length === 0 ? BENCHES : BENCHES.filter((name) => words.includes(name));
  const figures = { cores: cpus().length };
  for (const name of chosen) Object.assign(figures, await figuresOf(name, node, options));
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else show(figures);
}

async function measureBroker(words) {
  const node = await setUp({ build: false });
  const options = { cwd: ROOT, env: environmentFor(node) };
  await bundle(BROKER, node, options);
  const builds = await isBuilt();
  const args = [inRoot('.cache', 'bench', 'broker.mjs'), ...(builds ? [] : ['--without-node']), ...words];
  process.exitCode = await runForeground(node, args, options);
}

async function measureRules(words) {
  const node = await setUp();
  const options = { cwd: ROOT, env: environmentFor(node) };
  await installDebianPackages({ mosquitto: FOR_BENCH.mosquitto }, 'the bench of the rules');
  await run(node, [inRoot('tools', 'get-node-red.mjs')], options);
  await bundle(RULES, node, options);
  process.exitCode = await runForeground(node, [inRoot('.cache', 'bench', 'rules.mjs'), ...words], options);
}

/** One of many cases needs the whole program; the others go on when only the broker can be built. */
async function isBuilt() {
  try {
    await setUp();
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`no whole node in the case rss: ${reason.split('\n').slice(0, 1).join('')}`);
    return false;
  }
}

try {
  const [first, ...words] = process.argv.slice(2);
  if (first === 'broker') await measureBroker(words);
  else if (first === 'rules') await measureRules(words);
  else {
    const node = await setUp();
    await measureAll(node, { cwd: ROOT, env: environmentFor(node) });
  }
} catch (error) {
  endWith(error);
}
