import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly Violation[];
    readonly totalDependenciesCruised: number;
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

const CONFIG = resolve('.dependency-cruiser.mjs');
const TOOL = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** What `npm run layers` sees in the `src` of this folder. */
function cruise(cwd: string): Promise<Cruise> {
  return new Promise((done, fail) => {
    const args = [TOOL, '--config', CONFIG, '--output-type', 'json', 'src'];
    // The exit code counts the violations, so only output that is no JSON is a failure.
    execFile(process.execPath, args, { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout));
      } catch {
        fail(new Error(`dependency-cruiser gave no answer: ${stderr}`, { cause: error }));
      }
    });
  });
}

/** Violations by the rule that they must fire: file, and what is wrong in it. */
const PLANTED: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'layer schemes': ['src/schemes/upward.ts', "import { bus } from '../bus/bus.ts';\nexport const a = bus;\n"],
  'layer kit': ['src/kit/typed.ts', "import type { Bus } from '../bus/bus.ts';\nexport type A = Bus;\n"],
  'layer bus': ['src/bus/lazy.ts', "export const a = () => import('../broker/broker.ts');\n"],
  'layer broker': ['src/broker/broker.ts', "export { publisher } from '../publisher/publisher.ts';\n"],
  'layer drivers/(inputs|outputs)': [
    'src/drivers/inputs/twin.ts',
    "import { driver } from './single.ts';\nexport const a = driver;\n",
  ],
  'layer drivers/ports': ['src/drivers/ports/wide.ts', "import '../driver.ts';\n"],
  'layer publisher': [
    'src/publisher/publisher.ts',
    "import '../drivers/ports/wide.ts';\nexport const publisher = 1;\n",
  ],
  'layer api': ['src/api/direct.ts', "import '../publisher/publisher.ts';\n"],
  'layer state': ['src/state/upward.ts', "import '../bus/bus.ts';\n"],
  'yaml belongs to schemes': ['src/kit/yaml.ts', "import { parse } from 'yaml';\nexport const a = parse;\n"],
  'typebox belongs to schemes': [
    'src/bus/schema.ts',
    "import type { TSchema } from 'typebox';\nexport type A = TSchema;\n",
  ],
  'convert belongs to schemes': ['src/kit/units.ts', "import { convert } from 'convert';\nexport const a = convert;\n"],
  'mqtt belongs to bridge': ['src/broker/client.ts', "export const a = () => import('mqtt');\n"],
  'koffi belongs to drivers/ports': ['src/harvest/native.ts', "export const a = () => import('koffi');\n"],
  'every package has an owner': ['src/broker/socket.ts', "import debug from 'debug';\nexport const a = debug;\n"],
  'nothing but cli imports the node': ['src/api/node.ts', "import '../node.ts';\n"],
  'nothing but the node imports its parts': ['src/cli/parts.ts', "import '../node/parts.ts';\n"],
  'the node does not know the cli': ['src/node/parts.ts', "import '../cli/verb.ts';\n"],
  'drivers come from the catalogue': ['src/harvest/direct.ts', "import '../drivers/inputs/single.ts';\n"],
  'no cycle': ['src/kit/circle.ts', "import './round.ts';\n"],
  pure: ['src/schemes/files.ts', "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n"],
  'no development dependency': ['src/kit/random.ts', "import fc from 'fast-check';\nexport const a = fc;\n"],
  'every import leads somewhere': ['src/kit/gone.ts', "import './nowhere.ts';\n"],
};

const MORE_LAYERS = [
  'bridge',
  'cli',
  'demo',
  'gateway',
  'harvest',
  'interop',
  'mediator',
  'mesh',
  'outbox',
  'recorder',
  'rule-runner',
  'rules',
];
const MORE_PACKAGES = {
  commander: 'cli',
  croner: 'rules',
  'fastest-levenshtein': 'schemes',
  'mqtt-packet': 'broker',
  pino: 'kit',
  suncalc: 'rules',
  ws: 'broker',
};

const ALL_PLANTED: typeof PLANTED = {
  ...PLANTED,
  ...Object.fromEntries(
    MORE_LAYERS.map((folder) => [`layer ${folder}`, [`src/${folder}/planted.ts`, "import '../node/parts.ts';\n"]]),
  ),
  ...Object.fromEntries(
    Object.entries(MORE_PACKAGES).map(([name, owner], index) => [
      `${name} belongs to ${owner}`,
      [`src/state/package-${index}.ts`, `import '${name}';\n`],
    ]),
  ),
};

const BYSTANDERS: Readonly<Record<string, string>> = {
  'src/bus/bus.ts': 'export type Bus = 1;\nexport const bus = 1;\n',
  'src/cli/verb.ts': 'export const verb = 1;\n',
  'src/drivers/driver.ts': 'export const driver = 1;\n',
  'src/drivers/inputs/single.ts': 'export const driver = 1;\n',
  'src/kit/round.ts': "import './circle.ts';\n",
  'src/node.ts': 'export const node = 1;\n',
};

let tree = '';
let found: Cruise;

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'hanbus-layers-'));
  for (const name of ['package.json', 'tsconfig.json']) copyFileSync(name, join(tree, name));
  symlinkSync(resolve('node_modules'), join(tree, 'node_modules'));
  for (const [path, text] of Object.values(ALL_PLANTED)) plant(path, text);
  for (const [path, text] of Object.entries(BYSTANDERS)) plant(path, text);
  found = await cruise(tree);
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test('the layers of src hold, and every file was read', async () => {
  const { modules, summary } = await cruise('.');
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const read = new Set(modules.map(({ source }) => source));
  expect(files.filter((name) => !read.has(`src/${name}`))).toEqual([]);
  expect(summary.totalDependenciesCruised).toBeGreaterThan(files.length);
});

test.each(Object.entries(ALL_PLANTED))('%s: a planted violation is caught', (rule, [file]) => {
  expect(found.summary.violations.some(({ rule: { name }, from }) => name === rule && from === file)).toBe(true);
});

test('every rule is proven to fire', () => {
  const rules = found.summary.ruleSetUsed.forbidden.map(({ name }) => name);
  expect(rules.length).toBeGreaterThan(30);
  expect(rules.filter((rule) => !(rule in ALL_PLANTED))).toEqual([]);
});

test('nothing but what was planted is reported', () => {
  const planted = new Set(Object.values(ALL_PLANTED).map(([file]) => file));
  const innocent = found.summary.violations.map(({ from }) => from).filter((file) => !planted.has(file));
  expect(innocent.filter((file) => file !== 'src/kit/round.ts')).toEqual([]);
});
