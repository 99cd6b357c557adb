import { describe, expect, it } from 'vitest';
import type { Points } from '../../../src/schemes/point.ts';
import type { HomePoints } from '../../../src/schemes/rules/home-points.ts';
import { makeKnownRules, type ReadRules, readRules, readRulesInSteps } from '../../../src/schemes/rules/read-rules.ts';
import { NO_RULES, type RulesText } from '../../../src/schemes/rules/rules-text.ts';

const AIR: Points = { temperature: { type: 'number', unit: '°C' }, humidity: { type: 'number', unit: '%' } };
const WARM: Points = { temperature: { type: 'number', unit: '°F' } };
const FAN: Points = { state: { type: 'boolean', settable: true } };
const DIMMER: Points = { state: { type: 'boolean', settable: true }, level: { type: 'number', settable: true } };
const BUTTON: Points = { pressed: { type: 'event', retain: false } };

/** Every way in which a rule can depend on what is around it. */
const RULES: readonly unknown[] = [
  { when: 'air.temperature > 25', then: { fan: 'on' } },
  { when: 'air.temperature > 25°C for 5min', then: { fan: 'on' }, else: { fan: 'off' } },
  { when: 'garden.air.temperature changed', then: { publish: { topic: 'a/b', text: '{air.temperature} {message}' } } },
  { when: 'button.pressed', if: 'home.mode is away', then: [{ all: 'on' }, { scene: 'evening' }] },
  { when: 'fan is gone', then: { 'home.mode': 'away' } },
  { when: 'garden is back', then: { 'rules.r0': 'off' } },
  { when: 'air.temprature > 25', then: { fam: 'on' } },
  { when: 'start', then: { mail: 'hello' } },
  {
    when: 'avg(air.humidity, 1h) > 50',
    then: { 'fan.state': 'toggle' },
    tests: [{ given: { 'air.humidity': 60 }, expect: {} }],
  },
  'nonsense',
  { when: 'air >' },
];

function makeRandom(seed: number): <T>(list: readonly T[]) => T {
  let state = seed;
  return (list) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const chosen = list[state % list.length];
    if (chosen === undefined) throw new Error('an empty list');
    return chosen;
  };
}

function someText(pick: ReturnType<typeof makeRandom>): RulesText {
  const names = ['r0', 'r1', 'r2', 'r3', 'r4', 'Bad-Name'].filter(() => pick([true, true, false]));
  return structuredClone({
    ...NO_RULES,
    rules: Object.fromEntries(names.map((name) => [name, pick(RULES)])),
    scenes: pick<RulesText['scenes']>([{}, { evening: { fan: 'off' } }]),
    groups: pick<RulesText['groups']>([{}, { all: ['fan'] }, { all: ['fan', 'pump'] }]),
    home: pick<RulesText['home']>([{}, { mode: { values: ['home', 'away'] } }, { mode: { values: ['home', 'gone'] } }]),
    services: pick<readonly string[]>([[], ['mail']]),
  });
}

function someHome(pick: ReturnType<typeof makeRandom>): HomePoints {
  const devices = new Map<string, Points | undefined>();
  const may = (name: string, ...points: readonly (Points | undefined | 'none')[]) => {
    const chosen = pick(points);
    if (chosen !== 'none') devices.set(name, chosen);
  };
  may('kitchen.air', AIR, WARM, 'none');
  may('kitchen.fan', FAN, DIMMER, 'none');
  may('kitchen.pump', FAN, 'none');
  may('kitchen.button', BUTTON);
  may('garden.air', AIR, 'none');
  if (pick([false, true])) devices.set('kitchen.garden', undefined);
  return { node: 'kitchen', devices, peers: pick<readonly string[]>([[], ['garden']]), unknown: 'wait' };
}

function runAll(steps: Generator<void, ReadRules>): ReadRules & { readonly steps: number } {
  for (let count = 1; ; count += 1) {
    const { done, value } = steps.next();
    if (done === true) return { ...value, steps: count };
  }
}

describe('rules that are remembered', () => {
  it.each([1, 2, 3, 4, 5])('are as if they were read anew, whatever changes around them (%i)', (seed) => {
    const pick = makeRandom(seed);
    const known = makeKnownRules();
    let [text, home] = [someText(pick), someHome(pick)];
    for (let round = 0; round < 300; round += 1) {
      if (pick([true, false])) text = someText(pick);
      else home = someHome(pick);
      const { book, problems } = runAll(readRulesInSteps(text, home, known));
      expect({ book, problems }).toEqual(readRules(text, home));
    }
  });

  it('are not read again when another rule or another device changes', () => {
    const rules = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`r${at}`, RULES[0]]));
    const devices = new Map([
      ['kitchen.air', AIR],
      ['kitchen.fan', FAN],
    ]);
    const home: HomePoints = { node: 'kitchen', devices, peers: [], unknown: 'wait' };
    const known = makeKnownRules();
    const first = runAll(readRulesInSteps({ ...NO_RULES, rules }, home, known));
    expect(first.steps).toBeGreaterThan(12);
    const edited = structuredClone({ ...NO_RULES, rules: { ...rules, r7: RULES[1], fresh: RULES[4] } });
    const more = { ...home, devices: new Map([...devices, ['kitchen.oled', AIR] as const]) };
    const second = runAll(readRulesInSteps(edited, more, known));
    expect(second.steps).toBeLessThan(4);
    const same = second.book.rules.filter((rule) => first.book.rules.includes(rule));
    expect(same).toHaveLength(199);
  });
});
