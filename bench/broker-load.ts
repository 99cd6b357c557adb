// One case against one broker, in a process of its own. Arguments: the case, its target as JSON. Prints a row as JSON.
import type { Row } from './broker/case.ts';
import type { Target } from './broker/client.ts';
import { closedLoop, type LoopPlan } from './broker/closed-loop.ts';
import { frozen } from './broker/frozen.ts';
import { idle } from './broker/idle.ts';
import { preAuth } from './broker/pre-auth.ts';
import { retained } from './broker/retained.ts';
import { rss } from './broker/rss.ts';
import { steady } from './broker/steady.ts';
import { storm } from './broker/storm.ts';
import { print } from './print.ts';

type Load = (target: Target) => Promise<Row>;

const loop =
  (plan: LoopPlan): Load =>
  (target) =>
    closedLoop(plan, target);

const LOADS: Readonly<Record<string, Load>> = {
  'one-qos0': loop({ qos: 0, window: 1_000 }),
  'one-qos1': loop({ qos: 1, window: 200 }),
  'ten-qos0': loop({ qos: 0, window: 250, pairs: 10 }),
  'ten-qos1': loop({ qos: 1, window: 100, pairs: 10 }),
  spread: loop({ qos: 0, window: 1_000, topics: 1_000 }),
  'fan-out': loop({ qos: 0, window: 100, fan: 100 }),
  'fan-out-qos1': loop({ qos: 1, window: 50, fan: 100 }),
  'steady-qos0': (target) => steady(0, target),
  'steady-qos1': (target) => steady(1, target),
  retained,
  idle,
  frozen,
  'pre-auth': preAuth,
  storm,
  rss,
};

const [name = '', json = '{}'] = process.argv.slice(2);
const run = LOADS[name];
if (run === undefined) throw new Error(`there is no case ${name}`);
const target: Target = JSON.parse(json);
print(await run(target));
process.exit(0);
