import type { Message } from '../bus/message.ts';
import type { PointPlan } from '../schemes/plan.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { Policy } from '../schemes/policy.ts';
import type { Value } from '../schemes/reading.ts';
import { type Chain, makeChain } from './filters/chain.ts';
import type { Current, News, PointHost, Telling } from './news.ts';
import { PointOutput } from './point-output.ts';
import { checkSample } from './sample.ts';
import { Teller } from './teller.ts';
import { backwards, makeTransform, specAfter, type Transform } from './transform.ts';

export interface PointFacts {
  readonly name: string;
  /** As the driver declares it. */
  readonly spec: PointSpec;
  readonly plan: PointPlan;
  readonly policy: Policy;
}

/** One point: what its driver says goes through check, unit, filters and policy to the bus. */
export class Point {
  readonly name: string;
  readonly output: PointOutput;
  readonly #host: PointHost;
  readonly #facts: PointFacts;
  readonly #teller: Teller;
  #policy: Policy;
  #transform: Transform;
  #chain: Chain;
  #lastNews: News | undefined;
  #trouble: string | undefined;

  /** Throws OptionsError when a unit does not fit. */
  constructor(host: PointHost, facts: PointFacts) {
    this.name = facts.name;
    this.#host = host;
    this.#facts = facts;
    this.#policy = facts.policy;
    this.output = new PointOutput(host.outlet, host.device, facts.name);
    this.#transform = makeTransform(facts.spec, facts.plan, facts.policy.unit);
    this.#teller = new Teller(host, this.output, this.#telling());
    this.#chain = this.#makeChain();
  }

  /** As it is published: a person's unit, limits and words. */
  get spec(): PointSpec {
    return specAfter(this.#transform.spec, this.#policy.filter);
  }

  get policy(): Policy {
    return this.#policy;
  }

  get isRetained(): boolean {
    return this.#telling().isRetained;
  }

  /** A value as it is published, as its driver knows it: other unit, other scale. */
  toDriver(value: Value): Value {
    return typeof value === 'number' ? backwards(this.#transform, value) : value;
  }

  /** The newest reading, told or not; undefined before the first good one. */
  get current(): Current | undefined {
    return this.#teller.current;
  }

  /** Why there is no reading, when the driver said so. */
  get trouble(): string | undefined {
    return this.current === undefined ? this.#trouble : undefined;
  }

  /** Takes a sample of the driver. Gives the reason when it breaks the driver's contract. */
  accept(sample: unknown): string | undefined {
    const checked = checkSample(this.#facts.spec, sample);
    if (checked.kind !== 'value') {
      this.#trouble = checked.why;
      this.spoil('bad', checked.why);
      return checked.kind === 'refused' ? checked.why : undefined;
    }
    this.#teller.heard();
    this.#lastNews = checked;
    this.#push(checked);
    this.#teller.beat();
    return undefined;
  }

  /** Doubt without a new value; the filters hear of it, so that what they tell later is doubted too. */
  spoil(quality: 'bad' | 'stale', why: string): void {
    if (this.#lastNews !== undefined) this.#chain.push(this.#lastNews.value, quality, why);
    this.#teller.spoil(quality, why);
  }

  /** The policy changed while running: what is known is told anew when it looks different. */
  setPolicy(policy: Policy): void {
    const isOther = lookOf(this.#policy) !== lookOf(policy);
    const isSound = this.#teller.isSound();
    if (isOther) this.#transform = makeTransform(this.#facts.spec, this.#facts.plan, policy.unit);
    this.#policy = policy;
    this.#teller.follow(this.#telling(), isOther);
    if (!isOther) return;
    this.#chain.close();
    this.#chain = this.#makeChain();
    const news = this.#lastNews;
    if (news !== undefined && isSound && this.#facts.spec.type !== 'event') this.#push(news);
  }

  dueAt(): number {
    return this.#teller.dueAt();
  }

  chore(now: number): void {
    const why = this.#teller.silence(now);
    if (why !== undefined) this.spoil('stale', why);
    this.#teller.chore(now);
  }

  envelope(): Message | undefined {
    return this.#teller.envelope();
  }

  close(): void {
    this.#chain.close();
  }

  #push({ value, quality, why }: News): void {
    const { apply } = this.#transform;
    this.#chain.push(apply === undefined || typeof value !== 'number' ? value : apply(value), quality, why);
  }

  #makeChain(): Chain {
    const { unit } = this.#transform.spec;
    const clock = this.#host.outlet.clock;
    const emit = (news: News) => this.#tell(news);
    return makeChain(this.#policy.filter ?? [], { clock, emit, ...(unit === undefined ? {} : { unit }) });
  }

  #tell(news: News): void {
    const { quality, why = '' } = news;
    if (quality === 'bad' || quality === 'stale') this.#teller.spoil(quality, why);
    else this.#teller.tell(this.#rounded(news));
  }

  #telling(): Telling {
    const { type, retain = true } = this.#facts.spec;
    const isEvent = type === 'event';
    const isRetained = !isEvent && (this.#policy.retain ?? retain);
    return { policy: this.#policy, unit: this.spec.unit, isEvent, isRetained };
  }

  #rounded(news: News): News {
    const { value } = news;
    if (typeof value !== 'number') return news;
    const decimals = this.#policy.round ?? this.#facts.spec.decimals ?? 2;
    const shown = Number(value.toFixed(Math.min(Math.max(decimals, 0), 20)));
    return shown === value ? news : { ...news, value: shown === 0 ? 0 : shown };
  }
}

/** What of a policy changes how values look. */
function lookOf({ unit, round, filter = [] }: Policy): string {
  return JSON.stringify([unit, round, filter.map(({ text }) => text)]);
}
