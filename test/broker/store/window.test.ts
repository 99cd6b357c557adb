import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeptSession } from '../../../src/broker/store/kept-session.ts';
import { textOf } from '../../../src/bus/message.ts';
import { FakeDisk } from '../../state/log/fake-disk.ts';
import { FakeSession, foundOn, messageOf, openShelfOn, type ShelfBench, textsOf } from './shelf-bench.ts';

const WINDOW_MS = 1_000;
const CLIENTS = ['x', 'y', 'z'];

type Step =
  | { readonly do: 'publish'; readonly to: readonly boolean[]; readonly isLarge: boolean }
  | { readonly do: 'send' | 'release' | 'acknowledge'; readonly client: number; readonly place: number }
  | { readonly do: 'begin anew'; readonly client: number }
  | { readonly do: 'pass'; readonly ms: number };

const client = fc.nat(CLIENTS.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('publish'),
      to: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
      isLarge: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('send', 'release', 'acknowledge'), client, place: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('begin anew'), client }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.integer({ min: 1, max: 900 }) }) },
);

/** A message in a session: when it came and went, ms. */
interface Fate {
  readonly text: string;
  readonly client: string;
  readonly cameAt: number;
  wentAt: number;
}

/** A broker as the shelf sees it, that remembers what became of each message. */
class Home {
  readonly fates: Fate[] = [];
  readonly #bench: ShelfBench;
  readonly #sessions = new Map<string, { session: FakeSession; kept: KeptSession }>();
  #count = 0;

  constructor(bench: ShelfBench) {
    this.#bench = bench;
    for (const clientId of CLIENTS) this.#begin(clientId);
  }

  get now(): number {
    return this.#bench.clock.mono();
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'pass') await this.#bench.pass(step.ms);
    else if (step.do === 'publish') this.#publish(step.to, step.isLarge);
    else if (step.do === 'begin anew') this.#begin(CLIENTS[step.client] ?? '');
    else this.#move(CLIENTS[step.client] ?? '', step.place, step.do);
  }

  #begin(clientId: string): void {
    this.#sessions.get(clientId)?.kept.end();
    for (const fate of this.fates) if (fate.client === clientId) fate.wentAt = Math.min(fate.wentAt, this.now);
    const session = new FakeSession(clientId);
    this.#sessions.set(clientId, { session, kept: this.#bench.shelf.keep(session) });
  }

  #publish(to: readonly boolean[], isLarge: boolean): void {
    this.#count += 1;
    const text = `${this.#count}${isLarge ? 'x'.repeat(400) : ''}`;
    const message = messageOf('a', text);
    for (const [place, clientId] of CLIENTS.entries()) {
      if (to[place] !== true) continue;
      this.#sessions.get(clientId)?.session.take(message);
      this.#sessions.get(clientId)?.kept.queueChanged();
      this.fates.push({ text, client: clientId, cameAt: this.now, wentAt: Number.POSITIVE_INFINITY });
    }
  }

  #move(clientId: string, place: number, what: 'send' | 'release' | 'acknowledge'): void {
    const { session, kept } = this.#sessions.get(clientId) ?? {};
    const waiting = session?.queue[place];
    if (session === undefined || waiting === undefined) return;
    kept?.queueChanged();
    if (what === 'acknowledge') {
      session.queue.splice(place, 1);
      const text = textOf(waiting.message);
      for (const fate of this.fates) if (fate.client === clientId && fate.text === text) fate.wentAt = this.now;
      return;
    }
    session.queue[place] = { ...waiting, id: waiting.id ?? place + 1, isReleased: what === 'release' };
  }
}

function check(home: Home, texts: Readonly<Record<string, string[]>>): void {
  const past = home.now - WINDOW_MS;
  for (const clientId of CLIENTS) {
    const found = texts[clientId] ?? [];
    const fates = home.fates.filter((fate) => fate.client === clientId);
    const numbers = found.map((text) => Number.parseInt(text, 10));
    expect(numbers, 'in order, none twice').toEqual([...new Set(numbers)].sort((one, other) => one - other));
    const possible = new Set(fates.filter(({ wentAt }) => wentAt > past).map(({ text }) => text));
    expect(
      found.filter((text) => !possible.has(text)),
      'acknowledged long ago, or never said',
    ).toEqual([]);
    const certain = fates.filter(({ cameAt, wentAt }) => cameAt <= past && wentAt > home.now);
    expect(
      certain.filter(({ text }) => !found.includes(text)),
      'lost',
    ).toEqual([]);
  }
}

test('kill -9 at any moment: what is older than a second is there in order, what was acknowledged before is not', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
    const disk = new FakeDisk();
    const home = new Home(await openShelfOn(disk));
    for (const [place, one] of steps.entries()) {
      await home.take(one);
      if (place % 7 !== 6 && place !== steps.length - 1) continue;
      const found = await foundOn(disk);
      expect(found.codes).toEqual([]);
      check(home, textsOf(found));
    }
  });
  await fc.assert(property, { numRuns: Number(process.env.HANBUS_RUNS ?? 150) });
});
