// A thread of broker-load.ts: publishes on a schedule to the fraction of a millisecond. It sleeps without the event
// loop, whose timers know whole milliseconds only.
import { workerData } from 'node:worker_threads';
import { openClient } from './broker/client.ts';
import { makeRing } from './broker/packets.ts';
import { clockMs, type Schedule } from './broker/schedule.ts';

/** The sleep of the kernel ends up to 100 us late; the rest is waited for awake. */
const AWAKE_MS = 0.15;

const { port, topic, qos, everyMs, startMs, count, payloadBytes, sent }: Schedule = workerData;
const publisher = await openClient(port, 'pub-steady');
const ring = makeRing({ topics: [topic], qos, size: qos === 0 ? 1 : 10_000, most: 1, payloadBytes });
const bed = new Int32Array(new SharedArrayBuffer(4));
const told = new Int32Array(sent);

function waitFor(due: number): void {
  const left = due - clockMs();
  if (left > AWAKE_MS) Atomics.wait(bed, 0, 0, left - AWAKE_MS);
  while (clockMs() < due);
}

let index = 0;
function turn(): void {
  waitFor(startMs + index * everyMs);
  publisher.socket.write(ring.next(1));
  index += 1;
  Atomics.store(told, 0, index);
  // Back to the event loop once for each message: it reads the acknowledgements.
  if (index < count) setImmediate(turn);
  else setTimeout(() => publisher.socket.destroy(), 3_000);
}
turn();
