import type { Bus } from '../bus/bus.ts';
import type { Message } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import type { Reading } from '../schemes/reading.ts';
import { topics } from '../schemes/topics.ts';
import type { RateMeter } from './rate-meter.ts';

export const ORIGIN = 'publisher';

/** What every point of a node shares to get its readings out. */
export interface Outlet {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly node: string;
  readonly epoch: number;
  readonly sent: RateMeter;
  /** The next number of this owner's changes. */
  nextSequence(): number;
  /** False while nobody has set the clock: readings then carry no time. */
  isTimeTrusted(): boolean;
}

export interface Sending {
  readonly reading: Reading;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2;
}

/** The topics of one point. */
export class PointOutput {
  readonly topic: string;
  readonly envelopeTopic: string;
  readonly #outlet: Outlet;

  constructor(outlet: Outlet, device: string, point: string) {
    this.#outlet = outlet;
    this.topic = topics.point(outlet.node, device, point);
    this.envelopeTopic = topics.envelope(outlet.node, device, point);
  }

  /** The plain value, and the envelope for those who look. False when the bus is full. */
  send({ reading, retain, qos }: Sending): boolean {
    const { bus, sent, clock } = this.#outlet;
    const payload = { reading, form: 'plain' as const };
    if (!bus.put({ topic: this.topic, payload, retain, qos, origin: ORIGIN })) return false;
    sent.count(clock.mono());
    this.sendEnvelope(reading);
    return true;
  }

  /** News of the quality alone: the plain value has not changed. */
  sendEnvelope(reading: Reading): void {
    const { bus } = this.#outlet;
    if (bus.isInterested(this.envelopeTopic)) bus.put(this.envelopeOf(reading, false));
  }

  envelopeOf(reading: Reading, retain: boolean): Message {
    return { topic: this.envelopeTopic, payload: { reading, form: 'envelope' }, retain, qos: 0, origin: ORIGIN };
  }

  /** Takes the retained value off the bus. */
  clear(): void {
    const { bus } = this.#outlet;
    if (bus.retainedAt(this.topic) === undefined) return;
    bus.publish({ topic: this.topic, payload: '', retain: true, origin: ORIGIN });
  }
}
