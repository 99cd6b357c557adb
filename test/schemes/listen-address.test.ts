import { describe, expect, it } from 'vitest';
import { type DoorText, doorsOf, isOpenPlain, parseDoor } from '../../src/schemes/listen-address.ts';
import { loadScheme } from '../../src/schemes/load.ts';

describe('parseDoor', () => {
  it.each<[string | number, DoorText]>([
    [1883, { transport: 'tcp', port: 1883 }],
    ['127.0.0.1:1884', { transport: 'tcp', host: '127.0.0.1', port: 1884 }],
    ['[::1]:1885', { transport: 'tcp', host: '::1', port: 1885 }],
    ['localhost:1886', { transport: 'tcp', host: 'localhost', port: 1886 }],
    ['mqtt://127.0.0.1:1883', { transport: 'tcp', host: '127.0.0.1', port: 1883 }],
    ['mqtts://0.0.0.0:8883', { transport: 'tls', host: '0.0.0.0', port: 8883 }],
    ['MQTTS://[::]:8883/', { transport: 'tls', host: '::', port: 8883 }],
    ['ws://127.0.0.1:9001', { transport: 'ws', host: '127.0.0.1', port: 9001 }],
    ['wss://kitchen.local:9001/mqtt', { transport: 'wss', host: 'kitchen.local', port: 9001 }],
    ['unix:/run/hanbus/mqtt.sock', { transport: 'unix', path: '/run/hanbus/mqtt.sock' }],
    ['unix:///run/hanbus/mqtt.sock', { transport: 'unix', path: '/run/hanbus/mqtt.sock' }],
  ])('%s', (written, door) => expect(parseDoor(written)).toEqual(door));

  it.each([
    'off',
    'everywhere',
    'ssl://a:1',
    'mqtt://a',
    'mqtt://a:70000',
    'http://a:80',
    'unix:relative',
    '',
    ':1883',
  ])('%s is none', (written) => expect(parseDoor(written)).toBeUndefined());
});

describe('doorsOf', () => {
  const TLS = { transport: 'tls', host: '0.0.0.0', port: 8883 };

  it.each([
    ['broker: {}', [{ transport: 'tcp', port: 1883 }]],
    ['broker: {listen: off, tls: auto}', []],
    ['broker: {tls: auto}', [{ transport: 'tcp', port: 1883 }, TLS]],
    ['broker: {tls: {cert: /c.pem, key: /k.pem}, listen: 1884}', [{ transport: 'tcp', port: 1884 }, TLS]],
    ['broker: {tls: auto, listen: ["wss://0.0.0.0:9001"]}', [{ transport: 'wss', host: '0.0.0.0', port: 9001 }]],
    [
      'broker: {listen: [1883, unix:/run/mqtt.sock]}',
      [
        { transport: 'tcp', port: 1883 },
        { transport: 'unix', path: '/run/mqtt.sock' },
      ],
    ],
    ['broker: {listen: mqtts://0.0.0.0:8883}', [TLS]],
  ])('%s', async (text, doors) => {
    const { scheme, problems } = await load(text);
    expect(problems).toEqual([]);
    expect(scheme === undefined ? undefined : doorsOf(scheme.broker)).toEqual(doors);
  });
});

describe('plain MQTT for the network', () => {
  const user = 'users: {plug: {password: $P, prefix: plug, plain: true}}';

  it('needs a login that is marked plain', async () => {
    const wanted = 'listen: [1883, "mqtt://0.0.0.0:1884", "ws://192.168.1.5:9001"]';
    const without = await load(`broker: {${wanted}}`);
    expect(without.problems.map(({ code }) => code)).toEqual(['HB183', 'HB183']);
    expect(without.problems.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    const marked = await load(`broker: {${wanted}, ${user}}`);
    expect(marked.problems).toEqual([]);
  });

  it.each(['127.0.0.1:1883', 'ws://localhost:9001', 'mqtt://[::1]:1883', 'mqtts://0.0.0.0:8883', 'unix:/m.sock', 1883])(
    '%s is none',
    (written) => expect(isOpenPlain(parseDoor(written) ?? { transport: 'tcp', host: 'x', port: 1 })).toBe(false),
  );

  it.each([
    '0.0.0.0:1883',
    'ws://[::]:9001',
    'mqtt://kitchen.local:1883',
    'localhost.example.org:1883',
    '[::ffff:0:0]:1883',
  ])('%s is', (written) => expect(isOpenPlain(parseDoor(written) ?? { transport: 'unix', path: '/' })).toBe(true));
});

function load(text: string) {
  return loadScheme({
    main: 'hanbus.yaml',
    readText: async (path) => (path === 'hanbus.yaml' ? text : undefined),
    expand: async () => [],
    kinds: new Map(),
    environment: { P: 'secret' },
  });
}
