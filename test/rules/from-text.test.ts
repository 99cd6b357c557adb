import { expect, test } from 'vitest';
import { runTests } from '../../src/rules/run-tests.ts';
import { homeWithGiven } from '../../src/schemes/rules/given-points.ts';
import { specOf } from '../../src/schemes/rules/home-points.ts';
import { readRules } from '../../src/schemes/rules/read-rules.ts';
import { parseYaml } from '../../src/schemes/yaml-parse.ts';
import { HOME_TEXT, KITCHEN } from '../fakes/home-points.ts';

/** Rules as people write them, each with what it has to do, from the text to the command. */
const RULES = `
fahrenheit:
  when: air.temperature > 86°F hysteresis 1°C
  then: {lamp: on}
  else: {lamp: off}
  tests:
    - {given: [{air.temperature: 29}, {air.temperature: 31}, {air.temperature: 29.5}, {air.temperature: 30.5}], expect: {lamp: on}}
    - {given: [{air.temperature: 25}, {air.temperature: 87°F}, {air.temperature: 20}], expect: [{lamp: on}, {lamp: off}]}
warmer_here:
  when: air.temperature - garden.air.temperature > 9°F
  then: {pump: on}
  tests:
    - {given: [{air.temperature: 20, garden.air.temperature: 68°F}, {air.temperature: 25.5}], expect: {pump: on}}
    - {given: [{air.temperature: 20, garden.air.temperature: 68°F}, {air.temperature: 24.5}], expect: {}}
average:
  when: avg(air.humidity, 10min) > 60
  then: {fan: high}
  tests:
    - {given: [{air.humidity: 50 for 10min}, {air.humidity: 100 for 1min}], expect: {}}
    - {given: [{air.humidity: 50 for 10min}, {air.humidity: 100 for 5min}], expect: {fan: high}}
night_door:
  when: garden.door is open for 5min
  if: time in 22:00..06:00 and weekday in fri..sun
  then: {oled.line1: "door open at {time} ({weekday})"}
  tests:
    - given: [{garden.door: closed}, {garden.door: open for 6min, date: 2026-01-16, time: "23:30"}]
      expect: {oled.line1: door open at 23:35 (Friday)}
    - {given: [{garden.door: closed}, {garden.door: open for 6min, date: 2026-01-15, time: "23:30"}], expect: {}}
    - {given: [{garden.door: closed}, {garden.door: open for 6min, date: 2026-01-16, time: "12:00"}], expect: {}}
doorbell:
  when: button.pressed is long
  then:
    - chime: 880Hz for 400ms
    - {wait: 2s}
    - {mail: "at {time}, {air.temperature} and {air.humidity:0.0}"}
  tests:
    - given: [{air.temperature: 21.456, air.humidity: 40.26, time: "14:05"}, {button.pressed: long}]
      after: 5s
      expect: [{chime: 880Hz for 400ms}, {mail: "at 14:05, 21.456 °C and 40.3"}]
    - {given: {button.pressed: short}, after: 5s, expect: {}}
zigbee:
  when: message "zigbee2mqtt/+"
  if: message.battery < 20 and message.state is on
  then: {publish: {topic: low/battery, json: {left: = message.battery}, over: message}}
  tests:
    - given: {zigbee2mqtt/door: {battery: 10, state: on}}
      expect: {publish: {topic: low/battery, json: {battery: 10, state: on, left: 10}}}
    - {given: {zigbee2mqtt/door: {battery: 90, state: on}}, expect: {}}
by_clock:
  when: ["07:30", 'cron "0 9 * * sat"', every 6h]
  then: {home.count: = home.count + 1}
  tests:
    - {given: {home.count: 4, time: "07:29", date: 2026-01-17}, after: 2min, expect: {home.count: 5}}
    - {given: {home.count: 4, time: "08:59", date: 2026-01-17}, after: 2min, expect: {home.count: 5}}
    - {given: {home.count: 4, time: "11:59", date: 2026-01-17}, after: 2min, expect: {home.count: 5}}
    - {given: {home.count: 4, time: "08:59", date: 2026-01-16}, after: 2min, expect: {}}
away:
  when: home.mode is away
  then: {lights: off, rules.by_clock: off}
  else: {scene: evening, rules.by_clock: on}
  tests:
    - given: [{home.mode: home}, {home.mode: away for 1min}, {home.mode: night}]
      expect: [{lights: off}, {rules.by_clock: off}, {scene: evening}, {rules.by_clock: on}]
waits:
  when: lamp rising
  then: [{pump: on}, {wait_until: {when: soil.moisture >= 50, timeout: 10min}}, {pump: off}]
  tests:
    - {given: [{lamp: off, soil: 20}, {lamp: on for 1min}, {soil: 60}], expect: [{pump: on}, {pump: off}]}
    - {given: [{lamp: off, soil: 20}, {lamp: on for 1h}], expect: {pump: on}}
gone:
  when: garden.door is gone for 1min
  then: {lamp: toggle}
  tests:
    - {given: [{lamp: on, garden.door: closed}, {garden.door: gone for 2min}], expect: {lamp: off}}
    - {given: [{lamp: on, garden.door: closed}, {garden.door: gone for 30s}, {garden.door: open for 1min}], expect: {}}
neighbour:
  when: attic.window is open and attic.air.temperature < 5°C
  then: {attic.heater: off}
  tests:
    - {given: [{attic.window: closed, attic.air.temperature: 3°C}, {attic.window: open}], expect: {attic.heater: off}}
`;

const rules = parseYaml(RULES).document?.toJS() ?? {};
const text = { ...HOME_TEXT, rules };
const home = homeWithGiven(text, KITCHEN);
const { book, problems } = readRules(text, home);
const options = { node: 'kitchen', timeZone: 'Europe/Amsterdam', unitOf: (point: string) => specOf(home, point)?.unit };

test('all rules can be read', () => {
  // Services do not run yet; the rule that asks one is told so.
  expect(problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(['HB290 rules.doorbell.then.2.mail']);
  expect(book.waiting).toEqual([]);
  expect(book.rules).toHaveLength(Object.keys(rules).length);
});

test.each(runTests(book, options).map((result) => [`${result.rule} ${result.index}`, result] as const))(
  '%s',
  (_name, result) => {
    if (!result.isOk) expect(result.got).toEqual(result.expected);
    expect(result.isOk, result.why).toBe(true);
  },
);
