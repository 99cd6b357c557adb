import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endAll, freePort, type Running, run } from '../fakes/processes.ts';
import { type House, makeHouse, type Sent } from './commands-house.ts';

/** See test/mediator/corpus.test.ts: the same cases, there without a process. */
interface Case {
  readonly about: string;
  readonly steps: readonly Step[];
  readonly acts: readonly string[];
}

type Step =
  | { readonly publish: Sent }
  | { readonly stored: Sent }
  | { readonly restart: true }
  | { readonly wait: number }
  | { readonly health: readonly [device: string, state: string] }
  | { readonly mood: 'hangs' | 'well' };

const ROOT = 'test/cases/commands';
const CASES = readdirSync(ROOT)
  .sort()
  .map((name): [string, Case] => [name, JSON.parse(readFileSync(`${ROOT}/${name}`, 'utf8'))]);
const isOf = (kind: 'dup' | 'stored', { steps }: Case): boolean =>
  steps.some((step) => (kind === 'stored' ? 'stored' in step : 'publish' in step && step.publish.packet !== undefined));
/** After a restart it is enough that the node has heard everything. */
const longest = ({ steps }: Case): number => (steps.some((step) => 'restart' in step) ? 500 : 6_000);
const nodeOf = (name: string): string => `case_${name.slice(0, 2)}`;
/** Of the simulated chip. */
const LINES = new Map([
  ['gate', 'gpio5'],
  ['pump', 'gpio17'],
]);

afterAll(endAll);

async function play(one: Case, house: House): Promise<void> {
  await house.start();
  await house.heard();
  for (const step of one.steps) await take(step, house, longest(one));
  await house.heard();
  await sleep(300);
}

async function take(step: Step, house: House, longestMs: number): Promise<void> {
  if ('publish' in step) {
    await house.send(step.publish);
    await house.heard();
    await sleep(100);
  } else if ('stored' in step) await house.send({ ...step.stored, retain: true, qos: 1 });
  else if ('wait' in step) await sleep(Math.min(step.wait, longestMs));
  else if ('mood' in step) house.mood(step.mood === 'hangs' ? `hang ${LINES.get('gate')}` : '');
  else if ('health' in step) await become(step.health, house);
  else {
    await house.kill();
    house.mood('');
    await house.start();
    await house.heard();
  }
}

async function become([device, state]: readonly [string, string], house: House): Promise<void> {
  if (state === 'ready') house.mood('');
  else if (state === 'lost') house.mood(`lose ${LINES.get(device)}`);
  else {
    await house.kill();
    house.mood(`hold ${LINES.get(device)}`);
    await house.start();
  }
}

describe('the broker of the node', () => {
  test.each(CASES.filter(([, one]) => !isOf('stored', one)))('%s', async (name, one) => {
    const port = await freePort();
    const house = makeHouse(nodeOf(name), `{listen: ${port}}`, port);
    await play(one, house);
    expect(house.acts()).toEqual(one.acts);
    await house.end();
  });
});

describe('an engine, which keeps what it is told to keep', () => {
  let port = 0;
  let mosquitto: Running | undefined;

  beforeAll(async () => {
    port = await freePort();
    mosquitto = run('mosquitto', ['-p', String(port)]);
    await mosquitto.says(/running/);
  });
  afterAll(async () => void (await mosquitto?.end()));

  const withEngine = (name: string) => makeHouse(name, `{listen: off, engine: "mqtt://127.0.0.1:${port}"}`, port);

  test.each(CASES.filter(([, one]) => !isOf('dup', one)))('%s', async (name, one) => {
    const house = withEngine(nodeOf(name));
    await play(one, house);
    expect(house.acts()).toEqual(one.acts);
    await house.end();
  });

  test('what was sent while the node was away is not delivered later', async () => {
    const house = withEngine('away');
    await house.start();
    await house.heard();
    await house.kill();
    await house.send({ topic: 'gate/open/set', payload: 'open', qos: 1 });
    await house.send({ topic: 'pump/state/set', payload: 'on', qos: 1 });
    await house.send({ topic: 'pump/state/$cmd', payload: '{"id":"late","v":"on"}', qos: 1 });
    await house.start();
    await house.heard();
    await sleep(500);
    expect(house.acts()).toEqual([]);
    await house.end();
  });
});
