import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meet, type NameBook, parseNameBook } from '../../src/node/name-book.ts';
import type { Found } from '../../src/schemes/found.ts';
import { isName } from '../../src/schemes/names.ts';

function found(at: string, name: string, kind = 'ds18b20'): Found {
  const provenance = { source: '/sys', why: 'test' };
  return { kind, name, at, group: '1-wire', options: { at }, certainty: 'sure', provenance };
}

const names = (book: NameBook) => Object.fromEntries(Object.entries(book).map(([at, { name }]) => [at, name]));

describe('meet', () => {
  it('gives alike devices different names, the same whatever the order', () => {
    const devices = [found('b', 't'), found('a', 't'), found('c', 't')];
    expect(names(meet({}, devices))).toEqual({ a: 't', b: 't_2', c: 't_3' });
    expect(meet({}, [...devices].reverse())).toEqual(meet({}, devices));
  });

  it('keeps the name of a known place, here or away', () => {
    const first = meet({}, [found('a', 't'), found('b', 't')]);
    const second = meet(first, [found('b', 't'), found('0', 't')]);
    expect(names(second)).toEqual({ a: 't', b: 't_2', '0': 't_3' });
  });

  it('lets a person rename, and moves whoever had that name', () => {
    const first = meet({}, [found('a', 't'), found('b', 'fridge')]);
    const second = meet(first, [found('a', 't'), found('b', 'fridge')], new Map([['a', 'fridge']]));
    expect(names(second)).toEqual({ a: 'fridge', b: 'fridge_2' });
  });

  it('never gives a name twice and only valid ones, for any history', () => {
    const device = fc.record({
      at: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      name: fc.oneof(fc.constantFrom('t', 't_2', 'Küche 1', '1wire'), fc.string()),
    });
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(device, { selector: ({ at }) => at }), { maxLength: 5 }), (harvests) => {
        let book: NameBook = {};
        for (const harvest of harvests) {
          const before = book;
          book = meet(
            book,
            harvest.map(({ at, name }) => found(at, name)),
          );
          const given = Object.values(book).map(({ name }) => name);
          expect(new Set(given).size).toBe(given.length);
          expect(given.every(isName)).toBe(true);
          for (const [at, { name }] of Object.entries(before)) expect(book[at]?.name).toBe(name);
        }
      }),
    );
  });
});

describe('parseNameBook', () => {
  it('reads its own JSON and leaves out what does not fit', () => {
    const book = meet({}, [found('a', 't')]);
    expect(parseNameBook(JSON.parse(JSON.stringify(book)))).toEqual(book);
    expect(parseNameBook({ a: 5, b: null, c: { name: 'x' }, ...book })).toEqual(book);
    expect([parseNameBook(null), parseNameBook('x'), parseNameBook([])]).toEqual([{}, {}, {}]);
  });
});
