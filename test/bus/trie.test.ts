import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShareGroup } from '../../src/bus/share-group.ts';
import { matches, parseShared, type Subscription } from '../../src/bus/subscription.ts';
import { SubscriptionTrie } from '../../src/bus/trie.ts';

const level = fc.constantFrom('a', 'b', '', '$SYS', 'é', '__proto__');
const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
const filterLevels = fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 5 });
const filter = fc
  .tuple(filterLevels, fc.boolean())
  .map(([levels, rest]) => (rest ? [...levels, '#'] : levels).join('/'))
  .chain((plain) => fc.constantFrom(plain, '#', '+/#'));

const subscription = (text: string): Subscription => ({ filter: text, origin: 'test', deliver: () => undefined });

/** The specification, word by word, without any cleverness: the model that the trie is compared with. */
function naive(filterText: string, topicText: string): boolean {
  const pattern = filterText.split('/');
  const words = topicText.split('/');
  if (words[0]?.startsWith('$') === true && (pattern[0] === '+' || pattern[0] === '#')) return false;
  const compare = (at: number): boolean => {
    if (pattern[at] === '#') return true;
    if (at === pattern.length || at === words.length) return at === pattern.length && at === words.length;
    return (pattern[at] === '+' || pattern[at] === words[at]) && compare(at + 1);
  };
  return compare(0);
}

describe('SubscriptionTrie', () => {
  it('finds what a naive model finds, after any adding and removing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(filter, fc.boolean()), { maxLength: 30 }),
        fc.array(topic, { maxLength: 15 }),
        (filters, topics) => {
          const trie = new SubscriptionTrie();
          const all = filters.map(([text, keep]) => ({ entry: subscription(text), keep }));
          for (const { entry } of all) trie.add(entry);
          for (const text of topics) trie.match(text);
          for (const { entry, keep } of all) if (!keep) expect(trie.remove(entry)).toBe(true);
          const kept = all.filter(({ keep }) => keep).map(({ entry }) => entry);
          for (const text of topics) {
            const wanted = kept.filter((entry) => naive(entry.filter, text));
            expect(new Set(trie.match(text))).toEqual(new Set(wanted));
            expect(trie.match(text)).toHaveLength(wanted.length);
          }
          expect(trie.size).toBe(kept.length);
        },
      ),
    );
  });

  it('agrees with matches(), the one-filter form', () => {
    fc.assert(
      fc.property(filter, topic, (text, name) => {
        expect(matches(text, name)).toBe(naive(text, name));
      }),
    );
  });

  it('gives one target for a shared group, however many members', () => {
    const trie = new SubscriptionTrie();
    const members = [1, 2, 3].map(() => subscription('$share/g/a/+'));
    for (const member of members) trie.add(member);
    trie.add(subscription('a/b'));
    const targets = trie.match('a/b');
    expect(targets).toHaveLength(2);
    const group = targets.find((target) => target instanceof ShareGroup);
    expect(group?.size).toBe(3);
    for (const member of members) expect(trie.remove(member)).toBe(true);
    expect(trie.match('a/b')).toHaveLength(1);
  });

  it('forgets empty branches', () => {
    const trie = new SubscriptionTrie();
    const one = subscription('a/b/c');
    trie.add(one);
    trie.remove(one);
    expect(trie.remove(one)).toBe(false);
    expect(trie.match('a/b/c')).toEqual([]);
  });
});

describe('parseShared', () => {
  it.each([
    ['$share/g/a/b', { group: 'g', filter: 'a/b' }],
    ['$share/g/#', { group: 'g', filter: '#' }],
    ['$share/g', undefined],
    ['$share/g+/a', undefined],
    ['a/$share/g', undefined],
  ])('%s', (text, expected) => expect(parseShared(text)).toEqual(expected));
});
