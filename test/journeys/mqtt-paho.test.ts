import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { run } from './mqtt-programs.ts';

/** Debian's Python and its paho; another Python in PATH knows nothing of them. */
const PYTHON = '/usr/bin/python3';
const PAHO = '/usr/lib/python3/dist-packages/paho/mqtt/client.py';
const script = fileURLToPath(new URL('mqtt-paho.py', import.meta.url));

let broker: Broker;
let port = 0;

beforeAll(async () => {
  if (!existsSync(PAHO)) throw new Error('paho for Python is not installed: apt install python3-paho-mqtt');
  const bus = new Bus((error) => {
    throw error;
  });
  broker = openBroker({ bus, clock: makeSystemClock(), log: makeFakeLog().log });
  ({ port } = await broker.listenTcp({ port: 0 }));
});
afterAll(() => broker?.stop());

/** Each QoS sent, for each QoS granted: the lower one arrives. */
const LOWER = [0, 1, 2].flatMap((granted) => [0, 1, 2].map((sent) => [`sent${sent}`, Math.min(granted, sent)]));

describe.each([4, 5])('paho for Python, version %i', (version) => {
  it('exchanges messages, keeps retained ones, wills and sessions', async () => {
    const lines = await run(PYTHON, [script, String(port), String(version)]);
    const kept = `paho${version}/kept`;
    const session = `paho${version}/session`;
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      everyQos: { granted: [0, 1, 2], heard: LOWER },
      inOrder: [true, true, true],
      retained: [
        [
          [kept, 'kept', 1, 1],
          [kept, '', 1, 0],
        ],
        [[kept, 'end', 1, 0]],
      ],
      will: [[`paho${version}/will`, 'gone', 2, 0]],
      session: {
        present: [false, true],
        heard: [
          [session, 'waited b', 1, 0],
          [session, 'waited c', 2, 0],
          [session, 'waited d', 1, 0],
          [`${session}/end`, 'end', 1, 0],
        ],
      },
      ...(version === 5 ? { five: FIVE } : {}),
    });
  });
});

const FIVE = {
  message: [['paho5/five', 'x', 1, 1]],
  user: [
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
  ],
  rest: ['text/plain', 'answers', '00ff', 1],
};
