import { describe, expect, test } from 'vitest';
import { loadScheme } from '../../src/schemes/load.ts';
import { problemJson } from '../../src/schemes/problem-text.ts';
import { caseWorld, textWorld } from './case-world.ts';

const load = (text: string, environment: Record<string, string> = {}) => loadScheme(textWorld(text, environment));

describe('a scheme', () => {
  test('that is empty, missing or only comments is valid and has its defaults', async () => {
    const empty = { node: {}, publish: {}, devices: {}, broker: { listen: 1883 }, waiting: [] };
    for (const text of ['', '\n', '# nothing yet\n', '\uFEFF', 'devices:\n', '{}']) {
      expect(await load(text), JSON.stringify(text)).toMatchObject({ scheme: empty, problems: [] });
    }
    const missing = await loadScheme({ ...textWorld(''), readText: async () => undefined });
    expect(missing).toMatchObject({ scheme: empty, problems: [], files: [] });
    expect(await loadScheme({ ...textWorld(''), main: '' })).toMatchObject({ scheme: empty, files: [] });
  });

  test('is given whole: short and long devices, tuning, points with scale, filter and round', async () => {
    const { scheme, problems } = await load(
      [
        'node: {name: kitchen, area: Ground floor, location: [52.1, 5.1]}',
        'publish: {every: 60s, on_change: 2%}',
        'devices:',
        '  air: bme280',
        '  cpu: {publish: {every: 2s}}',
        '  soil:',
        '    kind: ads1115',
        '    at: i2c-1:0x48',
        '    gain: 2V',
        '    points:',
        '      a0: {name: moisture, unit: "%", scale: {2.6V: 0, 1.2V: 100}, filter: [median 5], round: 0, publish: {on_change: 1}}',
        'broker: {listen: off, engine: {url: "mqtt://10.0.0.2:1883", user: ann, password: $ENGINE}}',
        '',
      ].join('\n'),
      { ENGINE: 'x' },
    );
    expect(problems).toEqual([]);
    expect(scheme).toEqual({
      node: { name: 'kitchen', area: 'Ground floor', location: [52.1, 5.1] },
      publish: { every: '60s', on_change: '2%' },
      devices: {
        air: { kind: 'bme280', options: {}, points: {} },
        cpu: { options: {}, points: {}, publish: { every: '2s' } },
        soil: {
          kind: 'ads1115',
          at: 'i2c-1:0x48',
          options: { gain: '2V' },
          points: {
            a0: {
              name: 'moisture',
              unit: '%',
              scale: [
                [2.6, 0],
                [1.2, 100],
              ],
              publish: { on_change: 1, filter: ['median 5'], round: 0 },
            },
          },
        },
      },
      broker: { listen: 'off', engine: { url: 'mqtt://10.0.0.2:1883', user: 'ann', password: '$ENGINE' } },
      rules: { groups: {}, home: {}, location: [52.1, 5.1], rules: {}, scenes: {}, services: [] },
      state: {},
      waiting: [],
    });
  });

  test('knows where each key stands', async () => {
    const loaded = await load('devices:\n  soil:\n    kind: ads1115\n    publish: {every: 5s}\n');
    expect(loaded.placeOf('devices.soil.publish.every')).toBe('scheme.yaml:4:22');
    expect(loaded.placeOf('devices.soil.publish.round')).toBeUndefined();
    expect(loaded.placeOf('node')).toBeUndefined();
  });

  test('knows where a value stands that is written in a short form', async () => {
    const lines = ['node: attic', 'broker: {engine: mqtt://10.0.0.2}', 'devices:', '  air: bme280', '  soil:'];
    const soil = ['    kind: ads1115', '    points: {a0: {filter: [median 5], publish: {round: 1}}}', ''];
    const { placeOf } = await load([...lines, ...soil].join('\n'));
    expect(placeOf('node.name')).toBe('scheme.yaml:1:7');
    expect(placeOf('broker.engine.url')).toBe('scheme.yaml:2:18');
    expect(placeOf('devices.air.kind')).toBe('scheme.yaml:4:8');
    expect(placeOf('devices.soil.points.a0.publish.filter')).toBe('scheme.yaml:7:27');
    expect(placeOf('devices.soil.points.a0.publish.round')).toBe('scheme.yaml:7:56');
    expect(placeOf('devices.soil.points.a0.publish.every')).toBeUndefined();
  });

  test('may be spread over files, and each place names its own', async () => {
    const loaded = await loadScheme(caseWorld('test/cases/errors/131-include-broken/fixed', 'scheme.yaml'));
    expect(Object.keys(loaded.scheme?.devices ?? {})).toEqual(['air', 'fan']);
    expect(loaded.files).toEqual(['scheme.yaml', 'parts/air.yaml', 'parts/fan.yaml']);
    expect(loaded.placeOf('devices.fan.at')).toBe('parts/fan.yaml:2:26');
  });

  test('that cannot be read is a problem, not an exception', async () => {
    const readText = async () => {
      throw new Error('EACCES: permission denied');
    };
    const { problems, scheme } = await loadScheme({ ...textWorld(''), readText });
    expect(problems).toMatchObject([{ code: 'HB157', severity: 'error' }]);
    expect(scheme).toBeUndefined();
  });

  test('with keys of later versions runs, with one note for each', async () => {
    const { scheme, problems } = await load('bridges: {}\nmesh: {name: home}\n');
    expect(scheme?.waiting).toEqual(['bridges', 'mesh']);
    expect(problems.map(({ code, severity, place }) => [code, severity, place?.line])).toEqual([
      ['HB290', 'note', 1],
      ['HB290', 'note', 2],
    ]);
  });
});

describe('limits', () => {
  const codes = async (text: string) => (await load(text)).problems.map(({ code }) => code);

  test.each([
    ['a huge file', `# ${'x'.repeat(1_000_001)}`],
    ['brackets without end', '['.repeat(200_000)],
    ['maps in maps', `a: ${'{a: '.repeat(50_000)}`],
    ['a row of dashes', '- '.repeat(50_000)],
    ['a row of question marks', '? '.repeat(50_000)],
    ['a stair', Array.from({ length: 1_300 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
  ])('%s is refused at once', async (_name, text) => {
    expect(await codes(text)).toEqual(['HB203']);
  });

  test('an alias bomb of a megabyte is refused without being unfolded', async () => {
    const bomb = `a: &a [x]\nb:\n${'  - [*a, *a, *a, *a]\n'.repeat(20_000)}`;
    const found = new Set(await codes(bomb));
    expect(found).toEqual(new Set(['HB202', 'HB204']));
  });
});

test('no secret is shown, neither in the line nor in the fix', async () => {
  const texts = [
    'devices:\n  cam: {kind: webcam, url: "http://c.lan", token: hunter2}\n',
    'devices:\n  cam: {kind: webcam, url: "http://c.lan", tokn: hunter2}\n',
    'broker: {engine: "mqtt://ann:hunter2@10.0.0.2"}\n',
    'broker: {engine: {url: "mqtt://10.0.0.2", pass: hunter2}}\n',
    'broker: {engine: "http://ann:hunter2@10.0.0.2"}\n',
    'broker: {engine: ["mqtt://ann:hunter2@10.0.0.2"]}\n',
    'broker: {listen: "ann://ann:hunter2@10.0.0.2"}\n',
    'devices:\n  cam: {kind: webcam, ulr: "http://ann:hunter2@c.lan"}\n',
    'bridges:\n  cloud: {kind: thingspeak, key: hunter2}\n  x: {}\n',
    'services:\n  mail: {kind: email, password: "hunter2"}\n',
  ];
  for (const text of texts) {
    const { problems } = await load(text);
    expect(
      problems.some(({ severity }) => severity === 'error'),
      text,
    ).toBe(true);
    expect(JSON.stringify([problems, problems.map(problemJson)]), text).not.toContain('hunter2');
  }
});
