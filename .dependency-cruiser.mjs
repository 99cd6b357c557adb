// Who may import whom: the layer rules of the architecture page. `npm run layers` runs them,
// test/architecture.test.ts plants a violation and expects each rule to fire.
const below = ['schemes', 'kit'];
const may = {
  schemes: [],
  kit: ['schemes'],
  rules: ['schemes'],
  bus: below,
  state: below,
  outbox: below,
  broker: [...below, 'bus'],
  harvest: [...below, 'drivers/ports', 'drivers/driver\\.ts'],
  'drivers/(inputs|outputs)': [...below, 'drivers/driver\\.ts', 'drivers/parse'],
  'drivers/ports': below,
  publisher: [...below, 'bus', 'state', 'outbox', 'drivers/driver\\.ts'],
  mediator: [...below, 'bus', 'state', 'outbox', 'rules', 'drivers/driver\\.ts'],
  bridge: [...below, 'bus', 'state', 'outbox'],
  gateway: [...below, 'bus', 'state', 'outbox'],
  mesh: [...below, 'bus', 'state', 'outbox'],
  interop: [...below, 'bus'],
  api: [...below, 'bus', 'state'],
  demo: [...below, 'drivers/ports'],
  cli: ['node\\.ts', ...below, 'demo', 'harvest', 'drivers/catalog\\.ts'],
};
const owners = {
  '@hono/node-server': 'api',
  commander: 'cli',
  convert: 'schemes',
  'fastest-levenshtein': 'schemes',
  hono: 'api',
  koffi: 'drivers/ports',
  mqtt: 'bridge',
  'mqtt-packet': 'broker',
  pino: 'kit',
  typebox: 'schemes',
  yaml: 'schemes',
};
const forbid = (name, from, to) => ({ name, severity: 'error', from, to });
const folders = (folder, others) => [folder.includes('|') ? [] : folder, others].flat().map((name) => `^src/${name}`);

export default {
  forbidden: [
    ...Object.entries(may).map(([folder, others]) =>
      forbid(
        `layer ${folder}`,
        { path: `^src/${folder}/` },
        { path: '^src/', pathNot: folders(folder, others) },
      ),
    ),
    ...Object.entries(owners).map(([name, folder]) =>
      forbid(
        `${name} belongs to ${folder}`,
        { path: '^src/', pathNot: `^src/${folder}/` },
        { path: `node_modules/${name}/` },
      ),
    ),
    forbid('nothing but cli imports the node', { path: '^src/', pathNot: '^src/cli/' }, { path: '^src/node\\.ts$' }),
    forbid('no cycle', {}, { circular: true }),
    forbid('pure', { path: '^src/(rules|schemes|bus)/' }, { dependencyTypes: ['core'] }),
    forbid('no development dependency', { path: '^src/' }, { dependencyTypes: ['npm-dev'] }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
