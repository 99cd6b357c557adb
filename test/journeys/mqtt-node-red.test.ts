import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { brokerNode, relay, startNodeRed, TAB } from './mqtt-node-red-program.ts';
import { type Program, until } from './mqtt-programs.ts';

const VERSIONS = ['4', '5'] as const;

const bus = new Bus((error) => {
  throw error;
});
const { log, lines } = makeFakeLog();
const heard: Record<string, string[]> = { 4: [], 5: [] };
let broker: Broker;
let program: Program | undefined;

/** What comes on `from/hanbus/#` goes out on `from/node-red`, by one connection of MQTT 5 and one of 3.1.1. */
beforeAll(async () => {
  broker = openBroker({ bus, clock: makeSystemClock(), log });
  const { port } = await broker.listenTcp({ port: 0 });
  for (const version of VERSIONS) {
    bus.subscribe(`from/node-red/${version}`, (message) => void heard[version]?.push(textOf(message)), {
      origin: 'test',
    });
    bus.publish({ topic: `from/hanbus/${version}/a`, payload: 'kept', retain: true, qos: 1, origin: 'test' });
  }
  const flows = VERSIONS.flatMap((version) => [
    brokerNode(`broker${version}`, port, version),
    ...relay(version, `broker${version}`, [`from/hanbus/${version}/#`, '2'], `from/node-red/${version}`),
  ]);
  program = await startNodeRed([TAB, ...flows]);
});

afterAll(async () => {
  await program?.stop();
  await broker?.stop();
});

describe('a real Node-RED', () => {
  it.each(VERSIONS)('gets what is retained and what comes, once, and answers, MQTT version %s', async (version) => {
    await until(`Node-RED subscribes: ${program?.lines.join(' | ')}`, () => heard[version]?.includes('kept'));
    const reading = { value: 21.5, unit: '°C', quality: 'good', epoch: 1, sequence: 1 } as const;
    bus.publish({
      topic: `from/hanbus/${version}/b`,
      payload: { reading, form: 'plain' },
      qos: 2,
      origin: 'publisher',
    });
    await until('the reading', () => heard[version]?.includes('21.5'));
    expect(heard[version]).toEqual(['kept', '21.5']);
  });

  it('connects once with each version: the broker closes neither', () => {
    expect(program?.lines.filter((line) => line.includes('Connected to broker'))).toHaveLength(2);
    expect(program?.lines.filter((line) => line.includes('isconnected'))).toEqual([]);
    expect(lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    expect(broker.counts.clients).toBe(2);
  });
});
