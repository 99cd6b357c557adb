import type { ReplayAnswer, RulesAnswer } from '../../src/schemes/rule-contracts.ts';
import type { WhyAnswer } from '../../src/schemes/why-contracts.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 42, 7);
const MINUTE = 60_000;
const TEXT = 'air.temperature > 28°C for 2min';
const WORDS =
  'When air.temperature goes above 28 °C and stays so for 2min, switch fan on; when that stops, switch fan off.';

export const RULES: RulesAnswer = {
  hanbus: 'rules/1',
  node: 'kitchen',
  pending: 1,
  rules: [
    { rule: 'cool', state: 'ready', when: [TEXT], today: 0, lastRun: NOW - 18 * 60 * MINUTE },
    { rule: 'door', state: 'waiting', when: [], today: 0, missing: ['garden.door'] },
    { rule: 'night', state: 'paused', when: ['22:30', 'button.held'], today: 0 },
    {
      rule: 'water',
      state: 'running',
      when: ['soil.moisture < 30% for 10min'],
      today: 2,
      lastRun: NOW - 500,
      lastFailure: 'mail: service mail does not run in this version',
    },
  ],
};

const RAN = {
  at: NOW - 18 * 60 * MINUTE,
  result: 'acted' as const,
  cause: TEXT,
  values: { 'kitchen.air.temperature': 28.3 },
  steps: [{ text: 'fan on', at: NOW - 18 * 60 * MINUTE, state: 'done' as const, ms: 40.4 }],
  fingerprint: 'f1',
};

export const WHY_RULE: WhyAnswer = {
  hanbus: 'why/1',
  node: 'kitchen',
  rule: {
    rule: 'cool',
    state: 'ready',
    when: [TEXT],
    today: 0,
    lastRun: RAN.at,
    words: WORDS,
    tests: [
      {
        part: 'when',
        text: TEXT,
        holds: false,
        now: { 'kitchen.air.temperature': 27.6 },
        needs: '27.6 °C now, needs more than 28 °C, for 2 min',
      },
      { part: 'if', text: 'garden.door is closed', holds: null, now: { 'garden.door.state': null } },
    ],
    last: RAN,
    nearest: { at: NOW - 7 * MINUTE, text: '28.3 for 1 min 12 s' },
    next: 'runs after 2 min above 28 °C',
    traces: [
      RAN,
      { ...RAN, at: NOW - 7 * MINUTE, result: 'short', steps: [] },
      {
        ...RAN,
        at: NOW - 50 * 60 * MINUTE,
        result: 'failed',
        steps: [{ text: 'fan on', at: NOW, state: 'expired', why: 'fan did not answer within 30000 ms' }],
      },
    ],
  },
};

export const WHY_POINT: WhyAnswer = {
  hanbus: 'why/1',
  node: 'kitchen',
  point: {
    point: 'kitchen.fan.state',
    type: 'boolean',
    device: { name: 'kitchen.fan', kind: 'relay', at: 'gpio17', state: 'ready', why: 'written in the scheme' },
    policy: { every: '60s', on_change: '1%', origin: { every: 'default' } },
    reading: { value: true, text: 'on', quality: 'good', time: NOW - 4_000 },
    command: { id: '7f', value: 'on', by: 'rule:cool', at: NOW - 4_000, state: 'done' },
    readBy: [],
    writtenBy: ['cool', 'night'],
  },
};

export const REPLAY: ReplayAnswer = {
  hanbus: 'replay/1',
  node: 'kitchen',
  rule: 'cool',
  words: WORDS,
  from: NOW - 24 * 60 * MINUTE,
  to: NOW,
  readings: 2_880,
  runs: [
    { at: NOW - 21 * 60 * MINUTE, ms: 5 * MINUTE, did: ['kitchen.fan.state on', 'kitchen.fan.state off'] },
    { at: NOW - 100 * MINUTE, ms: 22 * MINUTE, did: ['kitchen.fan.state on', 'kitchen.fan.state off'] },
    { at: NOW - 3 * MINUTE, did: ['kitchen.fan.state on'] },
  ],
};
