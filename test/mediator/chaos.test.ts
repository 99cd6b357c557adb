import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WriteOrder, WriteResult } from '../../src/schemes/command.ts';
import { type FakeClock, makeFakeClock, settle } from '../fakes/clock.ts';
import { cut, FakeDisk } from '../state/log/fake-disk.ts';
import { seeded } from '../state/log/harness.ts';
import { FakeHardware, type Home, openHome } from './set-up.ts';

const RUNS = Number(process.env.HANBUS_RUNS ?? 200);

const S = 1_000;
const MAX_ON = 60 * S;
const GUARDS = {
  'shade.up': { interlock: 'blind', interlockWaitMs: 500 },
  'awning.out': { interlock: 'blind', interlockWaitMs: 500 },
  pump: { maxOnMs: MAX_ON, minOffMs: 2 * S },
  'lamp.level': { rate: 1_000 },
};

/** What the hardware does with a write: takes it, at once or later; fails, having done it or not; never answers. */
type Mood = 'fails' | 'fails but does it' | 'hangs' | 'slow' | 'well';

type Step =
  | { readonly do: 'once'; readonly id: number; readonly ttl: number }
  | { readonly do: 'set'; readonly point: string; readonly value: string; readonly ttl: number; readonly forMs: number }
  | { readonly do: 'again' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'kill' | 'power cut' }
  | { readonly do: 'jump'; readonly ms: number }
  | { readonly do: 'mood'; readonly mood: Mood }
  | { readonly do: 'health'; readonly device: string; readonly state: string };

const ttl = fc.integer({ min: 100, max: 12 * S });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('once'), id: fc.nat(9), ttl }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('set'),
      point: fc.constantFrom('pump.state', 'shade.up', 'awning.out', 'lamp.state'),
      value: fc.constantFrom('on', 'on', 'off'),
      ttl,
      forMs: fc.constantFrom(0, 0, 3 * S, 30 * S),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('again') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 25 * S }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('kill', 'power cut') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump'), ms: fc.integer({ min: -86_400_000, max: 86_400_000 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('mood'),
      mood: fc.constantFrom<Mood>('fails', 'fails but does it', 'hangs', 'slow', 'well', 'well'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('health'),
      device: fc.constantFrom('pump', 'shade', 'awning', 'lamp'),
      state: fc.constantFrom('lost', 'ready', 'init', 'ready'),
    }),
  },
);

interface Given {
  readonly id: string;
  readonly point: string;
  readonly value: string | number;
  readonly isOnce: boolean;
  readonly at: number;
  readonly ttl: number;
}

/** A house in which things go wrong; it keeps its own books of what really happened. */
class Run {
  readonly clock: FakeClock = makeFakeClock();
  readonly hardware = new FakeHardware(this.clock);
  readonly #random: () => number;
  #home: Home | undefined;
  #disk = new FakeDisk();
  #mood: Mood = 'well';
  readonly #given: Given[] = [];
  /** By life and id. A refusal is forgotten at a restart; what was begun never is. */
  readonly #outcomes = new Map<string, Set<string>>();
  readonly #begun = new Map<string, Set<string>>();
  #isPumpThere = true;
  /** Times at which something kept the pump from being switched off. */
  #troubleAt = 0;
  #pumpOnAt: number | undefined;
  #lives = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.hardware.onWrite = (order) => this.#write(order);
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.#start();
    for (const one of steps) {
      await this.#step(one);
      this.#look();
    }
    this.#mood = 'well';
    this.#isPumpThere = true;
    for (const device of ['pump', 'shade', 'awning', 'lamp']) await this.#now.health(device, 'ready');
    await this.#advance(100 * S);
    this.#check();
  }

  get #now(): Home {
    if (this.#home === undefined) throw new Error('not started');
    return this.#home;
  }

  async #start(): Promise<void> {
    this.#lives += 1;
    const { clock, hardware } = this;
    this.#home = await openHome({ guards: GUARDS, disk: this.#disk, clock, hardware });
  }

  async #restart(disk: FakeDisk): Promise<void> {
    this.#book();
    this.#disk = disk;
    this.#home = await this.#now.killed({ disk });
    this.#lives += 1;
    this.#isPumpThere = true;
    this.#troubleAt = this.clock.mono();
  }

  async #step(one: Step): Promise<void> {
    switch (one.do) {
      case 'once':
        return await this.#give({ ...one, id: `once${one.id}`, point: 'lamp.level', value: one.id, isOnce: true });
      case 'set': {
        const id = `${this.#lives}-${this.#given.length}`;
        return await this.#give({ ...one, id, isOnce: false });
      }
      case 'again': {
        const last = this.#given.at(-1);
        return last === undefined ? undefined : await this.#give({ ...last, forMs: 0 });
      }
      case 'wait':
        return await this.#advance(one.ms);
      case 'kill':
        return await this.#restart(this.#now.disk.afterKill());
      case 'power cut':
        return await this.#restart(cut(this.#now.disk.moment(), this.#random));
      case 'jump':
        this.clock.jump(one.ms);
        return await this.#advance(6 * S);
      case 'mood':
        this.#mood = one.mood;
        return;
      case 'health':
        if (one.device === 'pump') this.#isPumpThere = one.state === 'ready';
        return await this.#now.health(one.device, one.state);
    }
  }

  async #give({
    id,
    point,
    value,
    isOnce,
    ttl: life,
    forMs = 0,
  }: Omit<Given, 'at'> & { forMs?: number }): Promise<void> {
    this.#given.push({ id, point, value, isOnce, at: this.clock.mono(), ttl: life });
    const origin = `mqtt:c${this.#given.length}`;
    const timed = forMs === 0 ? {} : { for: forMs };
    await this.#now.cmd(point, { id, v: value, mode: isOnce ? 'once' : 'set', ttl: life, ...timed }, { origin });
  }

  async #advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= S) {
      await this.clock.advance(Math.min(left, S));
      this.#look();
    }
  }

  #write(order: WriteOrder): WriteResult | Promise<WriteResult> | undefined {
    expect(this.clock.mono(), 'not after its deadline').toBeLessThanOrEqual(order.deadline + 250);
    const name = `${order.device}.${order.point}`;
    if (this.#mood !== 'well' && order.device === 'pump') this.#troubleAt = this.clock.mono() + 12 * S;
    const failed = { done: false, how: 'failed', code: 'HB141', why: 'no answer' } as const;
    switch (this.#mood) {
      case 'well':
        return undefined;
      case 'slow':
        return new Promise(
          (resolve) => void this.clock.after(2 * S, () => resolve({ done: true, value: order.value })),
        );
      case 'fails but does it':
        this.hardware.acts.push({ name, value: order.value, at: this.clock.mono(), deadline: order.deadline });
        this.hardware.values.set(name, order.value);
        return failed;
      case 'fails':
        return failed;
      case 'hangs':
        return new Promise((resolve) => {
          this.clock.after(Math.max(order.deadline - this.clock.mono(), 0), () => resolve(failed));
        });
    }
  }

  /** What must hold at any moment. */
  #look(): void {
    const { values } = this.hardware;
    expect(values.get('shade.up') === true && values.get('awning.out') === true, 'never both').toBe(false);
    const now = this.clock.mono();
    if (!this.#isPumpThere) this.#troubleAt = now;
    this.#pumpOnAt = values.get('pump.state') === true ? (this.#pumpOnAt ?? now) : undefined;
    if (this.#pumpOnAt === undefined || now - this.#troubleAt < 20 * S) return;
    expect(now - this.#pumpOnAt, 'never on for longer').toBeLessThanOrEqual(MAX_ON + 15 * S);
  }

  /** Takes down the outcomes of this life. */
  #book(): void {
    for (const { id, st, code, at } of this.#now.acks) {
      if (st === 'accepted' || st === 'running' || code === 'HB352') continue;
      const key = `${this.#lives} ${id}`;
      const known = this.#outcomes.get(key) ?? new Set();
      this.#outcomes.set(key, known.add(st));
      if (st === 'done' || st === 'unknown') this.#begun.set(id, (this.#begun.get(id) ?? new Set()).add(st));
      const given = this.#given.findLast((one) => one.id === id && one.at <= at);
      if (given !== undefined && st !== 'unknown') {
        expect(at - given.at, `${id} in time`).toBeLessThanOrEqual(
          Math.max(...this.#given.map((one) => one.ttl)) + 2 * S,
        );
      }
    }
  }

  #check(): void {
    this.#book();
    for (const [id, states] of this.#outcomes) expect([...states], `one outcome of ${id}`).toHaveLength(1);
    for (const [id, states] of this.#begun) {
      if (id.startsWith('once')) expect([...states], `one outcome of ${id} in all lives`).toHaveLength(1);
    }
    for (let id = 0; id <= 9; id += 1) {
      const acts = this.hardware.acts.filter(({ name, value }) => name === 'lamp.level' && value === id);
      expect(acts.length, `once${id} acts once`).toBeLessThanOrEqual(1);
    }
    const here = this.#given.filter(({ id, isOnce }) => !isOnce && id.startsWith(`${this.#lives}-`));
    for (const { id } of here) expect(this.#outcomes.has(`${this.#lives} ${id}`), `${id} has an outcome`).toBe(true);
    expect(this.#now.mediator.counts().open).toBe(0);
  }
}

test('whatever happens: once is once, each command has one outcome in time, limits hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.nat(), async (steps, seed) => {
      await new Run(seed).run(steps);
      await settle();
    }),
    { numRuns: RUNS },
  );
}, 100_000);
