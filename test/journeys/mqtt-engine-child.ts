// A node that is nothing but its link to an engine, to be killed by mqtt-engine.test.ts.
import { startEngineLink } from '../../src/bridge/engine-link.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

const bus = new Bus((error) => {
  throw error;
});
bus.publish({ topic: 'hanbus/kitchen/$state', payload: 'ready', retain: true, qos: 1, origin: 'node' });
startEngineLink({ bus, node: 'kitchen', url: process.argv[2] ?? '', clock: makeSystemClock(), log: makeFakeLog().log });
