// Who may import whom: the layer rules of the architecture page. `npm run layers` runs them,
// test/architecture.test.ts plants a violation and expects each rule to fire.
const below = ['schemes', 'kit'];
const may = {
  schemes: [],
  kit: ['schemes'],
  rules: ['schemes'],
  bus: below,
  state: below,
  outbox: [...below, 'state'],
  broker: [...below, 'bus', 'state', 'outbox'],
  harvest: [...below, 'drivers/parse', 'drivers/ports', 'drivers/driver\\.ts'],
  'drivers/(inputs|outputs)': [...below, 'drivers/driver\\.ts', 'drivers/parse'],
  'drivers/ports': below,
  publisher: [...below, 'bus', 'state', 'outbox', 'drivers/driver\\.ts'],
  mediator: [...below, 'bus', 'state', 'outbox', 'rules'],
  // Hosts of the pure parts: what they bring to and from the bus.
  'rule-runner': [...below, 'bus', 'state', 'rules'],
  recorder: [...below, 'bus', 'state'],
  bridge: [...below, 'bus', 'state', 'outbox'],
  gateway: [...below, 'bus', 'state', 'outbox'],
  mesh: [...below, 'bus', 'state', 'outbox'],
  interop: [...below, 'bus'],
  api: [...below, 'bus', 'state'],
  demo: [...below, 'drivers/ports'],
  // The credentials are changed with no node running: the command writes the file that the broker watches.
  cli: [
    'node\\.ts',
    ...below,
    'demo',
    'harvest',
    'drivers/catalog\\.ts',
    // `check --test` runs the tests of a scheme with no node.
    'rules/run-tests\\.ts',
    'broker/access/(credential-(book|file)|password-hash)\\.ts',
  ],
};
const owners = {
  commander: 'cli',
  croner: 'rules',
  convert: 'schemes',
  'fastest-levenshtein': 'schemes',
  koffi: 'drivers/ports',
  mqtt: 'bridge',
  'mqtt-packet': 'broker',
  pino: 'kit',
  suncalc: 'rules',
  typebox: 'schemes',
  ws: 'broker',
  yaml: 'schemes',
};
const forbid = (name, from, to) => ({ name, severity: 'error', from, to });
const folder = (name) => `^src/${name}(/|$)`;
const folders = (own, others) => [own.includes('|') ? [] : own, others].flat().map(folder);
const owned = Object.keys(owners).join('|');

export default {
  forbidden: [
    ...Object.entries(may).map(([own, others]) =>
      forbid(`layer ${own}`, { path: `^src/${own}/` }, { path: '^src/', pathNot: folders(own, others) }),
    ),
    ...Object.entries(owners).map(([name, owner]) =>
      forbid(
        `${name} belongs to ${owner}`,
        { path: '^src/', pathNot: `^src/${owner}/` },
        { path: `node_modules/${name}/` },
      ),
    ),
    forbid(
      'every package has an owner',
      { path: '^src/' },
      { path: 'node_modules/', pathNot: `node_modules/(${owned})/` },
    ),
    forbid('nothing but cli imports the node', { path: '^src/', pathNot: '^src/cli/' }, { path: '^src/node\\.ts$' }),
    forbid(
      'nothing but the node imports its parts',
      { path: '^src/', pathNot: '^src/node(/|\\.ts$)' },
      { path: '^src/node/' },
    ),
    forbid('the node does not know the cli', { path: '^src/node(/|\\.ts$)' }, { path: '^src/cli/' }),
    forbid(
      'drivers come from the catalogue',
      { path: '^src/', pathNot: '^src/drivers/catalog\\.ts$' },
      { path: '^src/drivers/(inputs|outputs)/' },
    ),
    // A list of loaders may be asked by what it loads: that is no cycle when the files are loaded.
    forbid('no cycle', {}, { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } }),
    forbid('pure', { path: '^src/(rules|schemes|bus)/' }, { dependencyTypes: ['core'] }),
    forbid('no development dependency', { path: '^src/' }, { dependencyTypes: ['npm-dev'] }),
    forbid('every import leads somewhere', {}, { couldNotResolve: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Without these, packages that only export ES modules are not found, and no owner rule sees them.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
