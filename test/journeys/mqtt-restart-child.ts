// A broker with its shelf and nothing else, to be ended by mqtt-restart.test.ts:  <port> <folder>
import { openBroker } from '../../src/broker/broker.ts';
import { openShelf } from '../../src/broker/store/shelf.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

const [port = '', path = ''] = process.argv.slice(2);
const bus = new Bus((error) => {
  throw error;
});
const world = { bus, clock: makeSystemClock(), log: makeFakeLog().log };
const shelf = await openShelf({ ...world, path, node: 'den', retained: (topic) => bus.retainedAt(topic) });
const broker = openBroker({ ...world, shelf, durable: ['zigbee2mqtt/#', 'from/#', 'to'] });
process.once('SIGTERM', () => void broker.stop().then(() => process.exit(0)));
await broker.listenTcp({ port: Number(port) });
process.stdout.write('listening\n');
