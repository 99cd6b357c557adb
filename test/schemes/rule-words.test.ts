import { expect, it } from 'vitest';
import type { Points } from '../../src/schemes/point.ts';
import { ruleWords } from '../../src/schemes/rule-words.ts';
import { type HomePoints, shortName, specOf } from '../../src/schemes/rules/home-points.ts';
import { readRules } from '../../src/schemes/rules/read-rules.ts';
import { NO_RULES } from '../../src/schemes/rules/rules-text.ts';

const DEVICES: Readonly<Record<string, Points>> = {
  'kitchen.air': { temperature: { type: 'number', unit: '°C' }, humidity: { type: 'number', unit: '%' } },
  'kitchen.fan': { state: { type: 'boolean', settable: true } },
  'kitchen.lamp': { state: { type: 'boolean', settable: true }, level: { type: 'number', unit: '%', settable: true } },
  'kitchen.button': { pressed: { type: 'event' }, battery: { type: 'number', unit: '%' } },
  'garden.door': { state: { type: 'boolean' } },
};
const HOME: HomePoints = {
  node: 'kitchen',
  devices: new Map(Object.entries(DEVICES)),
  peers: ['garden'],
  unknown: 'refuse',
};
const TEXT = {
  ...NO_RULES,
  home: { mode: { values: ['home', 'away'], initial: 'home' } },
  services: ['mail'],
  scenes: { evening: { lamp: 'on' } },
};

function words(rule: Readonly<Record<string, unknown>>): string {
  const { book, problems } = readRules({ ...TEXT, rules: { x: rule } }, HOME);
  const [read] = book.rules;
  if (read === undefined) throw new Error(JSON.stringify(problems));
  return ruleWords(read, {
    shortName: (full) => shortName(HOME, full),
    unitOf: (full) => specOf(HOME, full)?.unit,
  });
}

it.each([
  ['air.temperature > 28°C for 2min', 'When air.temperature goes above 28 °C and stays so for 2min, switch fan on.'],
  ['air.temperature < 60°F', 'When air.temperature falls below 15.5556 °C, switch fan on.'],
  ['garden.door is open', 'When garden.door becomes on, switch fan on.'],
  ['not garden.door is open', 'When garden.door is no longer on, switch fan on.'],
  ['garden is gone', 'When garden goes away, switch fan on.'],
  ['garden.door changed', 'When garden.door changes, switch fan on.'],
  ['button.pressed', 'When button.pressed happens, switch fan on.'],
  ['home.mode is away', 'When home.mode becomes away, switch fan on.'],
  ['avg(air.humidity, 1h) > 70%', 'When avg of air.humidity over 1h goes above 70 %, switch fan on.'],
  [
    'air.humidity > 70% and garden.door is closed',
    'When air.humidity is above 70 % and garden.door is off, switch fan on.',
  ],
  ['07:30', 'When it is 07:30, switch fan on.'],
  ['every 15min', 'When another 15min have passed, switch fan on.'],
  ['sunset + 15min', 'When it is 15min after sunset, switch fan on.'],
  ['message "a/b"', 'When a message comes on a/b, switch fan on.'],
  ['start', 'When the node has started, switch fan on.'],
])('%s', (when, said) => {
  expect(words({ when, then: { fan: 'on' } })).toBe(said);
});

it('says what is done, in turn and at the end', () => {
  const rule = {
    when: 'button.pressed',
    if: 'time in 06:00..20:00',
    then: [{ fan: 'on for 20s', 'lamp.level': '30%' }, { wait: '5s' }, { lamp: 'toggle' }, { mail: 'hello' }],
    cooldown: '2h',
  };
  const said = words(rule);
  expect(said).toContain('When button.pressed happens, and only while it is between 06:00 and 20:00, ');
  expect(said).toContain('switch fan on for 20s');
  expect(said).toContain('set lamp.level to 30 %');
  expect(said).toContain('then wait 5s, then toggle lamp.state, then call the service mail');
  expect(said).toMatch(/; then not again for 2h\.$/);
  expect(
    words({ when: 'garden.door is open', then: { 'home.mode': 'away', scene: 'evening' }, else: { fan: 'off' } }),
  ).toMatch(/set home\.mode to "away".*scene evening; when that stops, switch fan off\.$/);
});
