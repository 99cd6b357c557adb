// Our broker on a bus, and nothing else: what `npm run bench -- broker` measures. It checks who may do what as the
// product does: programs of this machine are operators. The port is the only argument.
import { makeAccess } from '../src/broker/access/make-access.ts';
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
const node = 'alone';
const bus = new Bus((error) => console.error(error));
const broker = openBroker({ bus, clock, log, node, access: makeAccess({ clock, log, node }) });
await broker.listenTcp({ host: '127.0.0.1', port: Number(process.argv[2]) });
process.once('SIGTERM', () => void broker.stop().then(() => process.exit(0)));
