import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settle } from '../../fakes/clock.ts';
import { cut, FakeDisk, type Moment, type Random } from './fake-disk.ts';
import { contentOf, openOn, seeded } from './harness.ts';

const RUNS = Number(process.env.HANBUS_RUNS ?? 300);

type Step =
  | { readonly do: 'put'; readonly key: number; readonly length: number }
  | { readonly do: 'delete'; readonly key: number }
  | { readonly do: 'turns'; readonly count: number }
  | { readonly do: 'sync' | 'flush' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('put'), key: fc.nat(7), length: fc.nat(300) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete'), key: fc.nat(7) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turns'), count: fc.nat(60) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('sync', 'flush') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
);

/** A moment at which the power fails, and what was promised and asked for by then. */
interface Cut {
  readonly moment: Moment;
  readonly promised: number;
  readonly asked: number;
}

/** Runs the steps; the content after each change, and the moments that `random` chose. */
class Run {
  readonly contents: ReadonlyMap<string, string>[] = [new Map()];
  readonly cuts: Cut[] = [];
  readonly #disk = new FakeDisk();
  readonly #random: Random;
  #promised = 0;
  #bench: Awaited<ReturnType<typeof openOn>> | undefined;

  constructor(random: Random) {
    this.#random = random;
    this.#disk.onOperation = () => {
      if (random() < 0.15) this.#cut();
      return undefined;
    };
  }

  async all(steps: readonly Step[]): Promise<this> {
    await this.#open();
    for (const step of steps) await this.#take(step);
    await this.#restart();
    this.#cut();
    return this;
  }

  async #take(step: Step): Promise<void> {
    const { table } = this.#bench ?? (await this.#open());
    if (step.do === 'put') {
      const value = `${this.contents.length}:${'x'.repeat(step.length)}`;
      table.put(`key ${step.key}`, Buffer.from(value));
      this.contents.push(new Map(this.contents.at(-1)).set(`key ${step.key}`, value));
    } else if (step.do === 'delete') {
      table.delete(`key ${step.key}`);
      const content = new Map(this.contents.at(-1));
      content.delete(`key ${step.key}`);
      this.contents.push(content);
    } else if (step.do === 'turns') await settle(step.count);
    else if (step.do === 'restart') await this.#restart();
    else if (step.do === 'flush') void table.flush();
    else this.#sync();
  }

  #sync(): void {
    const asked = this.contents.length - 1;
    void this.#bench?.table.sync().then(() => {
      this.#promised = Math.max(this.#promised, asked);
    });
  }

  async #restart(): Promise<void> {
    await this.#bench?.table.close();
    this.#promised = this.contents.length - 1;
    const { table } = await this.#open();
    const first = contentOf(table);
    expect(first).toEqual(this.contents.at(-1));
  }

  async #open(): Promise<Awaited<ReturnType<typeof openOn>>> {
    this.#bench = await openOn(this.#disk);
    if (this.contents.length === 1) contentOf(this.#bench.table);
    return this.#bench;
  }

  #cut(): void {
    if (this.cuts.length >= 12) this.cuts.splice(Math.floor(this.#random() * 12), 1);
    this.cuts.push({ moment: this.#disk.moment(), promised: this.#promised, asked: this.contents.length - 1 });
  }
}

const sortedText = (content: ReadonlyMap<string, string>): string =>
  [...content]
    .map((entry) => entry.join('='))
    .sort(compare)
    .join();
const compare = (one: string, other: string): number => (one < other ? -1 : 1);

/** What is found is the content after one of the changes: at least the promised ones, in order, none of them invented. */
async function checkCut({ moment, promised, asked }: Cut, run: Run, random: Random): Promise<void> {
  const disk = cut(moment, random);
  const { table, codes } = await openOn(disk);
  const found = contentOf(table);
  const possible = run.contents.slice(promised, asked + 1).map(sortedText);
  expect(possible).toContain(sortedText(found));
  table.put('after', Buffer.from('the cut'));
  await table.sync();
  await settle(100);
  const again = await openOn(cut(disk.moment(), random));
  expect(contentOf(again.table)).toEqual(new Map([...found, ['after', 'the cut']]));
  expect(again.codes(), `first: ${codes().join()}`).toEqual([]);
}

test('a power cut at any moment leaves the state after one of the last changes, and nothing that was promised is lost', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 120, size: 'max' }),
    fc.integer(),
    async (steps, seed) => {
      const random = seeded(seed);
      const run = await new Run(random).all(steps);
      for (const point of run.cuts) await checkCut(point, run, random);
    },
  );
  await fc.assert(property, { numRuns: RUNS });
});
