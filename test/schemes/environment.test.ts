import { describe, expect, test } from 'vitest';
import { hasEnvironmentKeys } from '../../src/schemes/environment.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { problemText } from '../../src/schemes/problem-text.ts';
import { textWorld } from './case-world.ts';

const load = (text: string, environment: Record<string, string>) => loadScheme(textWorld(text, environment));
const told = async (text: string, environment: Record<string, string>) =>
  (await load(text, environment)).problems.map((problem) =>
    problemText(problem, { colour: false }).replace(/ {3,}/g, '   '),
  );

describe('a variable', () => {
  test('sets a key of the scheme, over the file', async () => {
    const { scheme, problems, placeOf } = await load('publish: {every: 60s, on_change: 2%}\nbroker: {listen: off}\n', {
      HANBUS_PUBLISH__EVERY: '30s',
      HANBUS_BROKER__LISTEN: '1884',
    });
    expect(problems).toEqual([]);
    expect(scheme).toMatchObject({ publish: { every: '30s', on_change: '2%' }, broker: { listen: 1884 } });
    expect(placeOf('publish.every')).toBe('environment:HANBUS_PUBLISH__EVERY');
    expect(placeOf('publish.on_change')).toBe('scheme.yaml:1:34');
    expect(placeOf('broker.listen')).toBe('environment:HANBUS_BROKER__LISTEN');
  });

  test('works without any file, and its value may be any YAML', async () => {
    const world = { ...textWorld(''), readText: async () => undefined };
    const environment = { HANBUS_PUBLISH__FILTER: '[median 5, round 1]', HANBUS_DEVICES__AIR: 'bme280' };
    const { scheme, files } = await loadScheme({ ...world, environment });
    expect(scheme).toMatchObject({
      publish: { filter: ['median 5', 'round 1'] },
      devices: { air: { kind: 'bme280' } },
    });
    expect(files).toEqual([]);
  });

  test('reaches into what the file says in its short form', async () => {
    const { scheme, problems } = await load(
      'node: attic\nbroker: {engine: mqtt://10.0.0.2}\ndevices: {air: bme280}\n',
      {
        HANBUS_NODE__AREA: 'Roof',
        HANBUS_BROKER__ENGINE__USER: 'ann',
        HANBUS_DEVICES__AIR__PUBLISH__EVERY: '5s',
      },
    );
    expect(problems).toEqual([]);
    expect(scheme?.node).toEqual({ name: 'attic', area: 'Roof' });
    expect(scheme?.broker.engine).toMatchObject({ url: 'mqtt://10.0.0.2', user: 'ann' });
    expect(scheme?.devices.air).toMatchObject({ kind: 'bme280', publish: { every: '5s' } });
  });

  test('that is empty, of one part, or of another program sets nothing', async () => {
    const environment = {
      HANBUS_PUBLISH__EVERY: '',
      HANBUS_NODE: 'x',
      HANBUS_CONFIG: '/c',
      OTHER__KEY: '1',
      HANBUS___X: '1',
    };
    expect(hasEnvironmentKeys(environment)).toBe(false);
    expect(await load('publish: {every: 60s}\n', environment)).toMatchObject({
      problems: [],
      scheme: { publish: { every: '60s' } },
    });
    expect(hasEnvironmentKeys({ HANBUS_PUBLISH__EVERY: '1s' })).toBe(true);
  });
});

describe('a wrong variable', () => {
  test.each([
    [
      { HANBUS_PUBLISH__EVERY: '30' },
      '✗ environment HANBUS_PUBLISH__EVERY   every: 30 needs a unit   HB210\n   30s or 30min?  Write:  HANBUS_PUBLISH__EVERY=30s',
    ],
    [
      { HANBUS_PUBLISH__EVRY: '30s' },
      '✗ environment HANBUS_PUBLISH__EVRY   unknown key "evry" in a publish policy   HB204\n   did you mean "every"?  Write:  HANBUS_PUBLISH__EVERY=30s',
    ],
    [
      { HANBUS_PUBLISCH__EVERY: '30s' },
      '✗ environment HANBUS_PUBLISCH__EVERY   unknown key "publisch"   HB204\n   did you mean "publish"?  Write:  HANBUS_PUBLISH__EVERY=30s',
    ],
    [
      { HANBUS_BROKER__LISTEN: '0.0.0.0:1883' },
      '▲ environment HANBUS_BROKER__LISTEN   listen: 0.0.0.0:1883 would open plain MQTT to the network   HB183\n   use TLS; it stays closed until a login is marked plain.  Write:  HANBUS_BROKER__LISTEN=\'[1883, "mqtts://0.0.0.0:8883"]\'',
    ],
  ])('%j names itself and what to write', async (environment, text) => {
    expect(await told('', environment)).toEqual([text]);
  });

  test('is left out; the file and the other variables count', async () => {
    const { scheme, problems } = await load('publish: {every: 60s}\n', {
      HANBUS_PUBLISH__EVERY: 'often',
      HANBUS_PUBLISH__AT_MOST: '2s',
      HANBUS_BROKER__LISTEN: '[1883',
    });
    expect(scheme).toMatchObject({ publish: { every: '60s', at_most: '2s' }, broker: { listen: 1883 } });
    expect(problems.map(({ place }) => place?.file)).toEqual([
      'environment HANBUS_BROKER__LISTEN',
      'environment HANBUS_PUBLISH__EVERY',
    ]);
  });

  test('never shows a secret', async () => {
    const texts = await told('', { HANBUS_BROKER__ENGINE: '{url: "mqtt://10.0.0.2", user: ann, password: hunter2}' });
    expect(texts.join('\n')).toContain('HB270');
    expect(texts.join('\n')).not.toContain('hunter2');
    const misspelt = { HANBUS_BROKR__PASSWORD: 'hunter2', HANBUS_BROKR__ENGINE: 'mqtt://ann:hunter2@10.0.0.2' };
    expect((await told('', misspelt)).join('\n')).not.toContain('hunter2');
    expect((await told('', { HANBUS_BROKER__ENGINE: '"mqtt://ann:hunter2@10.0.0.2' })).join('\n')).not.toContain(
      'hunter2',
    );
  });
});
