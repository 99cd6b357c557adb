import { expect, test } from 'vitest';
import { parseSentence } from '../../src/schemes/rule-sentence.ts';

test.each([
  [
    'when air.temperature > 28°C for 2min then fan on else fan off',
    { when: 'air.temperature > 28°C for 2min', then: { fan: 'on' }, else: { fan: 'off' } },
  ],
  [
    'WHEN a > 1 and b < 2 IF home.mode is home THEN fan on for 20s and lamp off',
    { when: 'a > 1 and b < 2', if: 'home.mode is home', then: { fan: 'on for 20s', lamp: 'off' } },
  ],
  [
    'when button.pressed then lamp toggle then wait 5s then lamp off else b off then c on',
    {
      when: 'button.pressed',
      then: [{ lamp: 'toggle' }, { wait: '5s' }, { lamp: 'off' }],
      else: [{ b: 'off' }, { c: 'on' }],
    },
  ],
  [
    'every 15min then mail "This and then that, if {fan.on}"',
    { when: 'every 15min', then: { mail: 'This and then that, if {fan.on}' } },
  ],
  ['at 07:30 then set home.mode to away', { when: '07:30', then: { 'home.mode': 'away' } }],
  ['when a then switch lamp on and turn off radio', { when: 'a', then: { lamp: 'on', radio: 'off' } }],
  ['when a then toggle lamp', { when: 'a', then: { lamp: 'toggle' } }],
  ['when max(a, b) > 3 then dim 30', { when: 'max(a, b) > 3', then: { dim: 30 } }],
])('%j', (sentence, rule) => {
  expect(parseSentence(sentence)).toEqual(rule);
});

test.each([
  ['', 'it does not say when'],
  ['then lamp on', 'it does not say when'],
  ['when a > 1', 'it does not say what to do: "then" is missing'],
  ['when a if b if c then d on', '"if" and "else" can be said once'],
  ['when a then b on else c on else d on', '"if" and "else" can be said once'],
  ['when a then', 'an action is missing'],
  ['when a then lamp', 'it does not say what lamp becomes'],
  ['when a then lamp on and lamp off', 'lamp is set twice at once'],
  ['when a then lamp on and wait 5s', '"wait" stands alone: join it by "then"'],
])('%j is refused', (sentence, message) => {
  expect(() => parseSentence(sentence)).toThrow(message);
});
