import type { CodeFacts } from './code-facts.ts';

/** Filters and publish policy. */
export const POLICY_CODES: readonly CodeFacts[] = [
  {
    code: 'HB240',
    title: 'A publish policy is outside its limits',
    why: 'The time, amount or number is smaller or larger than what makes sense, or than what a node can do.',
    fix: 'Use a value within the limits that the message names.',
    example: 'publish: {every: 60s, on_change: 2%, round: 1}',
  },
  {
    code: 'HB241',
    title: 'Two keys of a publish policy work against each other',
    why: 'The rate cap is longer than the heartbeat, so the heartbeat comes late.',
    fix: 'Make `at_most` shorter than `every`.',
    example: 'publish: {every: 60s, at_most: 2s}',
  },
  {
    code: 'HB243',
    title: 'There is no such filter',
    why: 'The first word of a filter is its name, and no filter has this one.',
    fix: 'Use the filter that is suggested, or one of the reference.',
    example: 'devices:\n  board: {points: {cpu: {filter: [median 5, clamp 0..100]}}}',
  },
  {
    code: 'HB244',
    title: 'A filter is written wrongly',
    why: 'An argument is missing, too much, or of the wrong sort.',
    fix: 'Write it as the message shows.',
    example: 'devices:\n  board: {points: {cpu: {filter: [median 5, ema 0.2, round 1]}}}',
  },
  {
    code: 'HB245',
    title: 'An argument of a filter is outside its limits',
    why: 'The number, time or length is smaller or larger than this filter can use.',
    fix: 'Use a value within the limits that the message names.',
    example: 'devices:\n  board: {points: {cpu: {filter: [clamp 0..100, median 5]}}}',
  },
  {
    code: 'HB246',
    title: 'A filter does not fit the values',
    why: 'Some filters work on numbers only, others on on/off only; the point gives something else.',
    fix: 'Take the filter out, or put a `map` before it.',
    example: 'devices:\n  board: {points: {clock_synced: {filter: [invert]}}}   # for on/off',
  },
];
