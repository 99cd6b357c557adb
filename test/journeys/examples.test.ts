import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListAnswer } from '../../src/schemes/contracts.ts';
import type { RulesAnswer } from '../../src/schemes/rule-contracts.ts';
import type { WhyAnswer } from '../../src/schemes/why-contracts.ts';
import { endAll, freePort, type Home, hanbus, hanbusOnce, makeHome, type Running } from '../fakes/processes.ts';

/** One of the six schemes in a simulated house of its own, where its rules need not wait for a season. */
interface Example {
  readonly name: string;
  readonly devices: readonly string[];
  readonly rules: readonly string[];
  /** What is written otherwise than in the file, so that a test need not wait for hours. */
  readonly change?: readonly [from: string, to: string];
  readonly timeZone?: string;
  readonly speed?: number;
  /** A point whose way is asked for. */
  readonly point: string;
  /** A rule that acts, what a visitor sees then, and the steps that its trace shows. */
  readonly acts?: {
    readonly rule: string;
    readonly seen: RegExp;
    readonly result: 'acted' | 'failed';
    readonly steps: readonly (readonly [text: RegExp, state: string])[];
  };
}

const HOUR_MS = 3_600_000;
const now = new Date();

/** Where it is noon now; the names of these zones count westwards. */
function noonZone(): string {
  const west = now.getUTCHours() - 12;
  return `Etc/GMT${west < 0 ? '' : '+'}${west}`;
}

/** A place on the equator where it is the middle of the night. */
function midnightPlace(): string {
  const east = -((now.getTime() % (24 * HOUR_MS)) / HOUR_MS) * 15;
  return `[0, ${(east < -180 ? east + 360 : east).toFixed(1)}]`;
}

const EXAMPLES: readonly Example[] = [
  {
    name: 'greenhouse',
    devices: ['air', 'soil', 'pump'],
    rules: ['water', 'too_hot'],
    change: ['when: soil.moisture < 30 for 10min', 'when: soil.moisture < 30 for 2s'],
    timeZone: noonZone(),
    speed: 600,
    point: 'pump',
    acts: { rule: 'water', seen: /the pump runs.*the pump stops/s, result: 'acted', steps: [[/^pump on/, 'done']] },
  },
  {
    name: 'kitchen-oled',
    devices: ['air', 'oled', 'button', 'lamp'],
    rules: ['lamp_button', 'door_note', 'show_oled_1', 'show_oled_2', 'show_oled_3'],
    point: 'lamp',
    acts: { rule: 'lamp_button', seen: /the lamp is on/, result: 'acted', steps: [[/^lamp toggle/, 'done']] },
  },
  {
    name: 'x10-lamps',
    devices: ['x10', 'motion'],
    rules: ['hall_light', 'porch_on', 'porch_off'],
    change: ['location: [52.09, 5.12]', `location: ${midnightPlace()}`],
    point: 'x10.hall',
    acts: { rule: 'hall_light', seen: /X10 lamp A2 is on/, result: 'acted', steps: [[/^x10\.hall on/, 'done']] },
  },
  { name: 'weather-station', devices: ['weather'], rules: ['storm'], point: 'weather.wind' },
  { name: 'energy-meter', devices: ['mains'], rules: ['oven_forgotten'], point: 'mains.power' },
  {
    name: 'doorbell',
    devices: ['bell', 'cam', 'chime'],
    rules: ['ring'],
    point: 'cam.photo',
    acts: {
      rule: 'ring',
      seen: /the chime sounds.*the chime is silent/s,
      result: 'failed',
      steps: [
        [/^chime 880Hz/, 'done'],
        [/^cam\.take on/, 'done'],
        [/^mail /, 'failed'],
      ],
    },
  },
];

const running = new Map<string, { readonly home: Home; readonly demo: Running }>();

beforeAll(async () => {
  for (const example of EXAMPLES) running.set(example.name, await startDemo(example));
});
afterAll(endAll);

async function startDemo({ name, change = ['', ''], timeZone = 'UTC', speed = 60 }: Example) {
  const text = readFileSync(join('examples', `${name}.yaml`), 'utf8');
  expect(text).toContain(change[0]);
  const home = makeHome(`${text.replace(...change)}\nbroker: {listen: ${await freePort()}}\n`);
  home.env.TZ = timeZone;
  return { home, demo: hanbus(home, 'demo', '--config', home.config, '--speed', String(speed)) };
}

function demoOf(name: string) {
  const one = running.get(name);
  if (one === undefined) throw new Error(`no demo of ${name}`);
  return one;
}

/** What a verb answers as JSON. */
async function ask<Answer>(home: Home, ...args: readonly string[]): Promise<Answer> {
  const { text } = await hanbusOnce(home, ...args, '--json', '--quiet');
  return JSON.parse(text) as Answer;
}

const why = async (name: string, what: string) => await ask<WhyAnswer>(demoOf(name).home, 'why', what);

/** The tests of a rule in the file, as `check --test` runs them. */
interface Tested {
  readonly ok: boolean;
  readonly tests: readonly { readonly rule: string; readonly ok: boolean; readonly expected: readonly string[] }[];
}

describe.each(EXAMPLES)('the $name', ({ name, devices, rules, point, acts }) => {
  it('passes its own tests, of which one acts and one does not for each rule', async () => {
    const { ok, tests } = await ask<Tested>(demoOf(name).home, 'check', `examples/${name}.yaml`, '--test');
    expect([ok, tests.filter((one) => !one.ok)]).toEqual([true, []]);
    for (const rule of rules.filter((one) => !one.startsWith('show_'))) {
      const own = tests.filter((one) => one.rule === rule);
      expect([rule, own.some(({ expected }) => expected.length > 0)]).toEqual([rule, true]);
      expect([rule, own.some(({ expected }) => expected.length === 0) || own.length > 2]).toEqual([rule, true]);
    }
  });

  it('has all its devices ready, and its scheme has no error', async () => {
    const { home, demo } = demoOf(name);
    expect(await demo.says(/[\s\S]*points are being published/)).not.toContain('✗');
    const states = async () => {
      const list = await ask<ListAnswer>(home, 'ls');
      return devices.map((device) => list.devices.find((one) => one.name === device)?.state);
    };
    await expect.poll(states).toEqual(devices.map(() => 'ready'));
  });

  it('has each rule in the list, and why tells of it in words, values and what comes next', async () => {
    const { rules: listed } = await ask<RulesAnswer>(demoOf(name).home, 'rule', 'ls');
    expect(listed.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
    for (const { rule, missing = [] } of listed) {
      const { rule: told } = await why(name, rule);
      expect(told).toMatchObject({ rule, next: expect.stringMatching(/\S.*\.$/) });
      // What another node has is known when that node is met.
      if (missing.length > 0) expect(missing.every((one) => one.startsWith('garden.'))).toBe(true);
      else expect(told?.words).toMatch(/^When .*\.$/);
      for (const test of told?.tests ?? []) expect(Object.keys(test)).toEqual(expect.arrayContaining(['now', 'holds']));
    }
  });

  it.runIf(acts !== undefined)('has a rule that acts on the simulated hardware, as why tells', async () => {
    if (acts === undefined) return;
    await demoOf(name).demo.says(acts.seen);
    const last = async () => (await why(name, acts.rule)).rule?.last;
    await expect.poll(async () => (await last())?.result).toBe(acts.result);
    const steps = (await last())?.steps.map(({ text, state }) => [text, state]);
    expect(steps).toEqual(acts.steps.map(([text, state]) => [expect.stringMatching(text), state]));
  });

  it('tells the way of a value from its device on', async () => {
    const reading = async () => (await why(name, point)).point?.reading;
    await expect.poll(reading).toMatchObject({ quality: 'good', text: expect.stringMatching(/\S/) });
    const { point: way } = await why(name, point);
    expect([...(way?.readBy ?? []), ...(way?.writtenBy ?? [])].some((rule) => rules.includes(rule))).toBe(true);
  });
});

it('says of the mail that it was not sent, and that this version does not send any', async () => {
  const { home } = demoOf('doorbell');
  const { rule } = await why('doorbell', 'ring');
  expect(rule?.last?.steps.at(-1)?.why).toContain('does not run');
  expect((await hanbusOnce(home, 'check', 'examples/doorbell.yaml')).text).toMatch(/mail.*this version/);
});
