import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowsFilter, allowsTopic, fillPattern } from '../../../src/broker/access/topic-patterns.ts';
import { isSafeId } from '../../../src/schemes/credential.ts';

const WORDS = ['a', 'b', '', '$s'];
/** Beside the words of the patterns one that is in none: every level can be anything. */
const ALPHABET = [...WORDS, 'z'];
const LONGEST = 5;

/** MQTT 5, 4.7, word for word, level by level. */
function naiveMatch(filter: readonly string[], topic: readonly string[], isFirst = true): boolean {
  const [want, ...filterRest] = filter;
  const [have, ...topicRest] = topic;
  if (want === '#') return !(isFirst && have?.startsWith('$') === true);
  if (want === undefined || have === undefined) return want === have;
  if (want === '+' ? isFirst && have.startsWith('$') : want !== have) return false;
  // "a/#" matches "a" too: 4.7.1.2.
  if (topicRest.length === 0 && filterRest.length === 1 && filterRest[0] === '#') return true;
  return naiveMatch(filterRest, topicRest, false);
}

function everyTopic(): string[][] {
  let topics: string[][] = [[]];
  const all: string[][] = [];
  for (let length = 1; length <= LONGEST; length += 1) {
    topics = topics.flatMap((topic) => ALPHABET.map((word) => [...topic, word]));
    all.push(...topics);
  }
  return all.filter((topic) => topic.join('/') !== '');
}

const TOPICS = everyTopic();

const filterArbitrary = fc
  .tuple(fc.array(fc.constantFrom(...WORDS, '+', '+'), { maxLength: 3 }), fc.boolean())
  .map(([levels, isOpen]) => (isOpen ? [...levels, '#'] : levels))
  .filter((levels) => levels.join('/') !== '');

describe('what a list of patterns allows', () => {
  it('is what a model says that tries every topic', () => {
    fc.assert(
      fc.property(fc.array(filterArbitrary, { maxLength: 5 }), filterArbitrary, (patterns, filter) => {
        const written = patterns.map((levels) => levels.join('/'));
        const model = TOPICS.filter((topic) => naiveMatch(filter, topic)).every((topic) =>
          patterns.some((pattern) => naiveMatch(pattern, topic)),
        );
        expect(allowsFilter(written, filter.join('/'))).toBe(model);
      }),
      { numRuns: 2_000 },
    );
  });

  it('matches single topics as the model does', () => {
    fc.assert(
      fc.property(fc.array(filterArbitrary, { maxLength: 3 }), fc.constantFrom(...TOPICS), (patterns, topic) => {
        const written = patterns.map((levels) => levels.join('/'));
        expect(allowsTopic(written, topic.join('/'))).toBe(patterns.some((pattern) => naiveMatch(pattern, topic)));
      }),
    );
  });

  it.each([
    [['a/#'], 'a/#', true],
    [['a/#'], 'a', true],
    [['a/#'], 'a/+/b/#', true],
    [['a/#'], '+/b', false],
    [['a/#'], '#', false],
    [['a/+'], 'a/#', false],
    [['a', 'a/+', 'a/+/+/#'], 'a/#', true],
    [['a', 'a/+/#'], 'a/#', true],
    [['a', 'a/+/+/#'], 'a/#', false],
    [['a/+/+/#', 'a/+'], 'a/+/#', true],
    [['#'], '$SYS/#', false],
    [['#', '$SYS/#'], '$SYS/broker/uptime', true],
    [['+/#'], '#', true],
    [['+'], '#', false],
    [['/+/#'], '/#', true],
    [['a/b', 'a/c'], 'a/+', false],
    [[], 'a', false],
  ])('%j for %s: %s', (patterns, filter, allowed) => {
    expect(allowsFilter(patterns, filter)).toBe(allowed);
  });
});

it('a client id that is let in never widens its pattern', () => {
  const ids = fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[ab+#/$%cu]{0,6}$/));
  const topics = fc.array(fc.constantFrom('a', 'b', 'c', 'ab', '', 'home', '%c', '%u'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(ids, topics, (id, below) => {
      fc.pre(isSafeId(id));
      const filled = fillPattern('home/%c/+', { clientId: id, user: 'u' });
      expect(filled.split('/')).toEqual(['home', id, '+']);
      const topic = ['home', ...below].join('/');
      expect(allowsTopic([filled], topic)).toBe(below.length === 2 && below[0] === id);
    }),
  );
});

it('fills in who asks', () => {
  const who = { clientId: 'c%u', user: 'ann' };
  expect(fillPattern('home/%u/%c/x%c', who)).toBe('home/ann/c%u/xc%u');
});
