// Our broker on a bus, and nothing else: what fan-out.ts measures. The port is the only argument.
import { openBroker } from '../src/broker/broker.ts';
import { Bus } from '../src/bus/bus.ts';
import { makeSystemClock } from '../src/kit/clock.ts';
import { makeLog } from '../src/kit/log.ts';

const clock = makeSystemClock();
const log = makeLog(
  ({ text, fields }) => console.error(text, fields),
  'warn',
  () => clock.now(),
);
const bus = new Bus((error) => console.error(error));
const broker = openBroker({ bus, clock, log });
await broker.listenTcp({ host: '127.0.0.1', port: Number(process.argv[2]) });
process.once('SIGTERM', () => void broker.stop().then(() => process.exit(0)));
