import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delivery } from '../../src/outbox/item.ts';
import type { OutboxReader } from '../../src/outbox/reader.ts';
import { settle } from '../fakes/clock.ts';
import { cut, FakeDisk, type Moment, type Random } from '../state/log/fake-disk.ts';
import { seeded } from '../state/log/harness.ts';
import { type Bench, checkLedger, drain, item, openOn } from './harness.ts';

const RUNS = Number(process.env.HANBUS_RUNS ?? 150);
const READERS = ['one', 'two'] as const;

type Step =
  | { readonly do: 'add'; readonly class: 'sync' | 'lazy'; readonly topic: number; readonly length: number }
  | { readonly do: 'pull'; readonly reader: number; readonly max: number; readonly acks: boolean }
  | { readonly do: 'turns'; readonly count: number }
  | { readonly do: 'time'; readonly ms: number }
  | { readonly do: 'restart' | 'rewind' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('add'),
      class: fc.constantFrom('sync', 'lazy'),
      topic: fc.nat(3),
      length: fc.nat(200),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pull'), reader: fc.nat(1), max: fc.nat(6), acks: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turns'), count: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('time'), ms: fc.nat(20_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart', 'rewind') }) },
);

interface Made {
  readonly number: number;
  readonly isSync: boolean;
}

/** The model: what was offered, what was promised, what each reader has said that it has. */
class Model {
  readonly made: Made[] = [];
  readonly promised = new Set<number>();
  readonly acked: Set<number>[] = [new Set(), new Set()];
}

interface Cut {
  readonly moment: Moment;
  readonly promised: ReadonlySet<number>;
  readonly acked: readonly ReadonlySet<number>[];
  readonly made: number;
}

const numberOf = (delivery: Delivery): number =>
  delivery.kind === 'gap' ? -1 : Number.parseInt(Buffer.from(delivery.payload).toString(), 10);

class Run {
  readonly model = new Model();
  readonly cuts: Cut[] = [];
  readonly #disk = new FakeDisk();
  readonly #random: Random;
  #bench: Bench | undefined;
  #readers: OutboxReader[] = [];

  constructor(random: Random) {
    this.#random = random;
    this.#disk.onOperation = () => {
      if (random() < 0.1) this.#cut();
      return undefined;
    };
  }

  async all(steps: readonly Step[]): Promise<this> {
    await this.#open();
    for (const each of steps) await this.#take(each);
    await this.#restart();
    for (const [index, reader] of this.#readers.entries()) this.#checkAll(index, await drain(reader, { ack: false }));
    this.#cut();
    return this;
  }

  /** Nothing was cut: each reader gets all that it has not acknowledged, in order, each once, and no gap. */
  #checkAll(index: number, all: readonly Delivery[]): void {
    const acked = this.model.acked[index] ?? new Set();
    const expected = this.model.made.map(({ number }) => number).filter((number) => !acked.has(number));
    expect(all.map(numberOf)).toEqual(expected);
    if (this.#bench !== undefined) checkLedger(this.#bench.outbox);
  }

  async #take(each: Step): Promise<void> {
    const { outbox, clock } = this.#bench ?? (await this.#open());
    if (each.do === 'add') this.#add(each);
    else if (each.do === 'turns') await settle(each.count);
    else if (each.do === 'time') await clock.advance(each.ms);
    else if (each.do === 'restart') await this.#restart();
    else if (each.do === 'rewind') for (const reader of this.#readers) reader.rewind();
    else if (each.do === 'pull') await this.#pull(each);
    checkLedger(outbox);
  }

  #add({ class: kind, topic, length }: Step & { do: 'add' }): void {
    const number = this.model.made.length;
    this.model.made.push({ number, isSync: kind === 'sync' });
    const payload = Buffer.from(`${number} ${'x'.repeat(length)}`);
    void this.#bench?.outbox.add(item(number, { class: kind, topic: `t${topic}`, payload })).then(() => {
      if (kind === 'sync') this.model.promised.add(number);
    });
  }

  async #pull({ reader: index, max, acks }: Step & { do: 'pull' }): Promise<void> {
    const reader = this.#readers[index];
    const pulled = (await reader?.pull(max)) ?? [];
    const last = pulled.at(-1);
    if (!acks || last === undefined) return;
    reader?.ack(last.position);
    // All before it is done as well: it was pulled earlier.
    for (let number = 0; number <= numberOf(last); number += 1) this.model.acked[index]?.add(number);
  }

  async #restart(): Promise<void> {
    await this.#bench?.outbox.close();
    await this.#open();
  }

  async #open(): Promise<Bench> {
    this.#bench = await openOn(this.#disk);
    const { outbox } = this.#bench;
    this.#readers = READERS.map((name) => outbox.reader(name));
    if (this.model.made.length === 0) await outbox.flush();
    return this.#bench;
  }

  #cut(): void {
    if (this.cuts.length >= 10) this.cuts.splice(Math.floor(this.#random() * 10), 1);
    const { promised, acked, made } = this.model;
    const copy = { promised: new Set(promised), acked: acked.map((set) => new Set(set)), made: made.length };
    this.cuts.push({ moment: this.#disk.moment(), ...copy });
  }
}

/** In order, each once, none invented, each promised one that was not acknowledged, and losses are told. */
async function checkCut({ moment, promised, acked, made }: Cut, run: Run, random: Random): Promise<void> {
  const disk = cut(moment, random);
  const { outbox, codes } = await openOn(disk);
  for (const [index, name] of READERS.entries()) {
    const isKnown = outbox.status.readers[name] !== undefined;
    const found = await drain(outbox.reader(name), { ack: false });
    const numbers = found.map(numberOf).filter((number) => number >= 0);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    expect(numbers.every((number) => number < made && run.model.made[number] !== undefined)).toBe(true);
    const owed = [...promised].filter((number) => acked[index]?.has(number) !== true);
    expect(owed.filter((number) => !numbers.includes(number))).toEqual([]);
    if (!isKnown) continue;
    expect(found.filter(({ kind }) => kind === 'gap').length).toBeLessThanOrEqual(1);
  }
  checkLedger(outbox);
  expect(codes()).toEqual([]);
  await outbox.add(item(9_999));
  const again = await openOn(cut(disk.moment(), random));
  const last = await drain(again.outbox.reader('one'));
  expect(
    last
      .filter(({ kind }) => kind === 'item')
      .map(numberOf)
      .at(-1),
  ).toBe(9_999);
}

test('a power cut at any moment loses nothing that was promised, repeats nothing that is done on the disk, and keeps the order', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 100, size: 'max' }),
    fc.integer(),
    async (steps, seed) => {
      const random = seeded(seed);
      const run = await new Run(random).all(steps);
      for (const point of run.cuts) await checkCut(point, run, random);
    },
  );
  await fc.assert(property, { numRuns: RUNS });
});
