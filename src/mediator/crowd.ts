import type { Clock } from '../kit/clock.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { GuardBook } from './guard-book.ts';
import { RATE, Rates } from './rates.ts';
import type { Refusal } from './refusal.ts';
import type { Submission } from './submission.ts';

export interface CrowdWorld {
  readonly clock: Clock;
  readonly guards: GuardBook;
}

/** Commands a second of one sender that must not be repeated. */
const ONCE_RATE = 1;
/** Of all who speak by one way that is not a client of the own broker: what they say of themselves, anybody can say. */
const WAY_RATE = 500;
/** Ways of this program itself. */
const OWN_WAYS = new Set(['mediator', 'rules']);

/** Keeps one sender from taking the time of the others. Only orders of guards are not counted. */
export class Crowd {
  readonly #world: CrowdWorld;
  readonly #rates = new Rates();

  constructor(world: CrowdWorld) {
    this.#world = world;
  }

  /** All that a sender gives: asked before anything costs time. Where the scheme gives a point a rate, that counts alone. */
  ofSender(submission: Submission): Refusal | undefined {
    const { device, point, origin, kind, isMember = false } = submission;
    if (kind !== 'command' || isMember || this.#rateOf(device, point) !== undefined) return undefined;
    const now = this.#world.clock.mono();
    const isOwn = origin.startsWith('mqtt:') || OWN_WAYS.has(origin);
    const ofWay = isOwn ? undefined : this.#rates.refusal({ who: origin, issuer: origin, perSecond: WAY_RATE, now });
    if (ofWay !== undefined) return ofWay;
    const issuer = issuerOf(submission);
    return this.#rates.refusal({ who: `${issuer} `, issuer, perSecond: RATE, burst: 2 * RATE, now });
  }

  /** What it gives to one point. */
  ofPoint(submission: Submission, spec: PointSpec): Refusal | undefined {
    const { device, point, kind } = submission;
    if (kind !== 'command') return undefined;
    const perSecond = this.#rateOf(device, point) ?? (this.modeOf(submission, spec) === 'once' ? ONCE_RATE : RATE);
    const issuer = issuerOf(submission);
    const now = this.#world.clock.mono();
    return this.#rates.refusal({ who: `${issuer} ${device}.${point}`, issuer, perSecond, now });
  }

  modeOf({ device, point, wish }: Submission, spec: PointSpec): 'once' | 'set' {
    const { mode } = this.#world.guards.get(`${device}.${point}`)?.guards ?? {};
    return wish.mode ?? mode ?? (spec.once === true ? 'once' : 'set');
  }

  #rateOf(device: string, point: string): number | undefined {
    return this.#world.guards.get(`${device}.${point}`)?.guards.rate;
  }
}

function issuerOf({ origin, wish }: Submission): string {
  return origin.startsWith('mqtt:') ? origin : `${origin} ${wish.by ?? ''}`.trim();
}
