// A node on a simulated machine, measured from inside. Arguments: its folder, for how many seconds, how many chips.
import { join } from 'node:path';
import { makeHost } from '../src/node/host.ts';
import { startNode } from '../src/node.ts';
import { print } from './print.ts';
import { sensorFiles } from './sensor-files.ts';

const WARM_UP_MS = 5_000;

const [folder = '.', seconds = '20', chips = '10'] = process.argv.slice(2);
const host = makeHost();
const files = sensorFiles(Number(chips));
const node = await startNode({
  paths: {
    config: join(folder, 'hanbus.yaml'),
    secrets: join(folder, 'secrets.env'),
    data: join(folder, 'data'),
    runtime: folder,
  },
  environment: {},
  writeLog: ({ level, text, fields }) => {
    if (level === 'error') console.error(text, fields);
  },
  name: 'bench',
  host: { ...host, name: 'bench', ports: { ...host.ports, files } },
});

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const sentPerMinute = (): number => node.status().nodes[0]?.sentPerMinute ?? 0;

const born = performance.now();
await node.firstReadings;
await sleep(WARM_UP_MS);
const before = process.cpuUsage();
const start = performance.now();
await sleep(Number(seconds) * 1000);
const { user, system } = process.cpuUsage(before);
const elapsedMs = performance.now() - start;
const points = node.list().reduce((sum, device) => sum + device.points.length, 0);
print({
  points,
  megabytes: Math.round(process.memoryUsage.rss() / 1e5) / 10,
  cpuPercent: Math.round(((user + system) / 10 / elapsedMs) * 10) / 10,
  // The node counts what it sent in the last minute; it is younger than that.
  perSecond: Math.round(sentPerMinute() / Math.min(60, (performance.now() - born) / 1000)),
});
await node.stop();
