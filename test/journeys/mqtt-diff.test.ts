import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { type DiffVersion, makeKit } from './mqtt-diff-kit.ts';
import { messageScripts } from './mqtt-diff-messages.ts';
import { propertyScripts } from './mqtt-diff-properties.ts';
import { retainedScripts } from './mqtt-diff-retained.ts';
import { sessionScripts } from './mqtt-diff-sessions.ts';
import { subscriptionScripts } from './mqtt-diff-subscriptions.ts';
import type { Report, Script } from './mqtt-diff-table.ts';
import { willScripts } from './mqtt-diff-wills.ts';
import { freePort, startMosquitto } from './mqtt-programs.ts';

type Stop = () => Promise<unknown>;
type Outcome = { readonly hanbus: Report; readonly mosquitto: Report } | { readonly failure: unknown };

/** The machine has few processors, and a script is mostly waiting. */
const AT_ONCE = 8;
const PATIENCE_MS = 45_000;

const scripts: readonly Script[] = [
  ...willScripts, // these wait for seconds, so they start first
  ...retainedScripts,
  ...sessionScripts,
  ...messageScripts,
  ...propertyScripts,
  ...subscriptionScripts,
];
const cases = scripts.flatMap((script) =>
  (script.versions ?? (['5', '311'] as const)).map((version) => ({ name: script.name, version, script })),
);
const outcomes = new Map<string, Promise<Outcome>>();
const stops: Stop[] = [];

beforeAll(async () => {
  const bus = new Bus((error) => {
    throw error;
  });
  const broker = openBroker({ bus, clock: makeSystemClock(), log: makeFakeLog().log });
  stops.push(() => broker.stop());
  const { port: hanbus } = await broker.listenTcp({ port: 0 });
  const mosquitto = await freePort();
  const engine = await startMosquitto(mosquitto);
  stops.push(() => engine.stop());
  startAll({ hanbus, mosquitto });
});

afterAll(async () => {
  await Promise.allSettled(outcomes.values());
  for (const stop of stops.reverse()) await stop();
});

/** Runs the scripts side by side; every test below waits for its own. */
function startAll(ports: { readonly hanbus: number; readonly mosquitto: number }): void {
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  cases.forEach(({ script, version }, index) => {
    const both = async (): Promise<Outcome> => {
      const [hanbus, mosquitto] = await Promise.all([
        runOn(script, version, ports.hanbus, index),
        runOn(script, version, ports.mosquitto, index),
      ]);
      return { hanbus, mosquitto };
    };
    const outcome = (lanes[index % AT_ONCE] ?? Promise.resolve()).then(both).catch((failure: unknown) => ({ failure }));
    lanes[index % AT_ONCE] = outcome;
    outcomes.set(`${script.name} ${version}`, outcome);
  });
}

async function runOn(script: Script, version: DiffVersion, port: number, index: number): Promise<Report> {
  const mine: Stop[] = [];
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const late = () => reject(new Error(`not done within ${PATIENCE_MS} ms on port ${port}`));
    timer = setTimeout(late, PATIENCE_MS);
  });
  try {
    return await Promise.race([deadline, script.run(makeKit({ port, prefix: `d${index}`, version, stops: mine }))]);
  } finally {
    clearTimeout(timer);
    for (const stop of mine.reverse()) await stop();
  }
}

describe('hanbus and Mosquitto 2.0.11 do the same', () => {
  it.each(cases)('$name, MQTT $version', async ({ name, version, script: { differs } }) => {
    const outcome = await outcomes.get(`${name} ${version}`);
    if (outcome === undefined || 'failure' in outcome) throw outcome?.failure ?? new Error('the script was not run');
    if (differs === undefined || differs.versions?.includes(version) === false) {
      expect(outcome.hanbus).toEqual(outcome.mosquitto);
      expect(outcome.hanbus.flat()).not.toEqual([]);
      return;
    }
    expect(outcome).toEqual({ hanbus: differs.hanbus, mosquitto: differs.mosquitto });
  });
});
