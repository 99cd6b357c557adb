// Very many clients at once, beside broker-load.ts. Arguments: port, clients. Writes a line of JSON when all are in or
// time is up, and keeps them connected until it is ended.
import { connectPacket, dial, sleep } from './broker/client.ts';
import { print } from './print.ts';

const ADDRESSES = 16;
const PATIENCE_MS = 60_000;
/** Who is turned away comes again after a moment: between these. */
const AGAIN_MS = { least: 50, most: 250 };

const [port = 0, clients = 0] = process.argv.slice(2).map(Number);
const start = performance.now();
let admitted = 0;
let refused = 0;
let lost = 0;
let lastMs = 0;

/** Several source addresses: one has too few ports. */
function come(index: number): void {
  const client = dial(port, `127.0.0.${2 + (index % ADDRESSES)}`);
  const { socket } = client;
  let isIn = false;
  socket.once('connect', () => socket.write(connectPacket(`storm-${index}`)));
  client.receive = (bytes) => {
    if (isIn || bytes[0] !== 0x20 || bytes[3] !== 0) return;
    isIn = true;
    admitted += 1;
    lastMs = performance.now() - start;
  };
  // What went wrong is told by the close that follows.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    if (isIn) {
      lost += 1;
      return;
    }
    refused += 1;
    const wait = AGAIN_MS.least + Math.random() * (AGAIN_MS.most - AGAIN_MS.least);
    if (performance.now() - start < PATIENCE_MS) setTimeout(() => come(index), wait);
  });
}

for (let index = 0; index < clients; index += 1) come(index);
while (admitted < clients && performance.now() - start < PATIENCE_MS) await sleep(20);
print({ admitted, refused, seconds: lastMs / 1e3, lost });
