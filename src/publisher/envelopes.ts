import type { Message } from '../bus/message.ts';
import type { RetainedSource } from '../bus/retained.ts';
import { matches } from '../bus/subscription.ts';
import type { Device } from './device.ts';
import type { Point } from './point.ts';

/** The `$v` of every point for those who subscribe late: made when they ask, never stored. */
export function envelopeSource(devices: () => readonly Device[]): RetainedSource {
  return {
    retained: (filter) => {
      if (!/(?:\$v|#|\+)$/.test(filter)) return [];
      return devices().flatMap((device) => device.points.flatMap(({ point }) => envelopeFor(point, filter)));
    },
  };
}

function envelopeFor(point: Point, filter: string): Message[] {
  const message = matches(filter, point.output.envelopeTopic) ? point.envelope() : undefined;
  return message === undefined ? [] : [message];
}
