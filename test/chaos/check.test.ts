import { expect, test } from 'vitest';
import { check } from './check.ts';
import type { Sent, Story } from './events.ts';

const command: Sent = { id: 'a', value: 1, mode: 'once', at: 0, wall: 0, ttlMs: 1_000, isTimed: true };
const nothing: Story = {
  ...{ sent: [], taken: [], lives: [], answers: [], acts: [], jobs: [], heard: new Set(), readings: [] },
  records: { accepted: [], found: new Set() },
};
const done = { id: 'a', state: 'done', at: 20, life: 1 };

test('a good story has nothing wrong', () => {
  const story: Story = {
    ...nothing,
    taken: [{ id: 'a', at: 1 }],
    lives: [{ from: 0, to: 9_000 }],
    records: { accepted: [{ id: 'r', at: 1 }], found: new Set(['r']) },
    sent: [command, { ...command, id: 'b', value: 2 }, { ...command, id: 'c', value: 3, mode: 'set' }],
    answers: [{ ...done, state: 'accepted' }, done, done, { ...done, id: 'b', state: 'unknown' }],
    acts: [
      { value: 1, at: 10 },
      { value: 2, at: 11 },
      { value: 3, at: 12 },
      { value: 3, at: 13 },
    ],
    jobs: [{ payload: 'x', acknowledgedAt: 1 }],
    heard: new Set(['x']),
    readings: [
      ['t', 1, 5],
      ['t', 1, 5],
      ['t', 2, 1],
    ],
  };
  expect(check(story)).toEqual([]);
});

test('what was refused in one life may be sent again and done in the next', () => {
  const answers = [
    { ...done, state: 'expired' },
    { ...done, life: 2 },
  ];
  expect(check({ ...nothing, sent: [command], answers, acts: [{ value: 1, at: 1 }] })).toEqual([]);
});

test('what failed since the device was not there may be done later; what failed otherwise may not', () => {
  const story = { ...nothing, sent: [command], acts: [{ value: 1, at: 1 }] };
  const failed = { ...done, state: 'failed' };
  expect(
    check({
      ...story,
      answers: [
        { ...failed, code: 'HB359' },
        { ...done, life: 2 },
      ],
    }),
  ).toEqual([]);
  expect(
    check({
      ...story,
      answers: [
        { ...failed, code: 'HB141' },
        { ...done, life: 2 },
      ],
    }),
  ).toHaveLength(1);
});

test('a command that was taken shortly before the end needs no answer', () => {
  const story = { ...nothing, sent: [command], taken: [{ id: 'a', at: 1 }], lives: [{ from: 0, to: 2_500 }] };
  expect(check(story)).toEqual([]);
});

test.each<[string, Partial<Story>, string]>([
  [
    'twice',
    {
      acts: [
        { value: 1, at: 1 },
        { value: 1, at: 2 },
      ],
    },
    'once command a acted 2 times',
  ],
  [
    'two ends',
    { answers: [done, { ...done, state: 'unknown' }], acts: [{ value: 1, at: 1 }] },
    'ended as done and unknown',
  ],
  [
    'an end after the end',
    { answers: [done, { ...done, life: 2, state: 'rejected' }], acts: [{ value: 1, at: 1 }] },
    'ended as done and rejected',
  ],
  ['done for nothing', { answers: [done] }, 'is done and nothing moved'],
  [
    'expired and acted',
    { answers: [{ ...done, state: 'expired' }], acts: [{ value: 1, at: 1 }] },
    'is expired and acted',
  ],
  ['late', { acts: [{ value: 1, at: 1_300 }] }, '300 ms too late'],
  ['a stranger', { acts: [{ value: 7, at: 1 }] }, 'nobody asked for 7'],
  [
    'no end',
    { taken: [{ id: 'a', at: 1 }], lives: [{ from: 0, to: 3_500 }] },
    'command a was taken and has no end 2000 ms after its time',
  ],
  [
    'an end too late',
    {
      taken: [{ id: 'a', at: 1 }],
      lives: [{ from: 0, to: 9_000 }],
      answers: [{ ...done, state: 'expired', at: 4_000 }],
    },
    'command a was taken and has no end 2000 ms after its time',
  ],
  [
    'a lost record',
    { records: { accepted: [{ id: 'r', at: 1 }], found: new Set() } },
    'accepted by the outbox and lost: r',
  ],
  ['a lost job', { jobs: [{ payload: 'x', acknowledgedAt: 1 }] }, 'acknowledged and lost: x'],
  [
    'back',
    {
      readings: [
        ['t', 2, 1],
        ['t', 1, 9],
      ],
    },
    't went back from 2/1 to 1/9',
  ],
])('%s is found', (_name, part, complaint) => {
  expect(check({ ...nothing, sent: [command], ...part }).join()).toContain(complaint);
});
