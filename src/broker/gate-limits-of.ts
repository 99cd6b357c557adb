import type { BrokerLimits } from './limits.ts';
import type { GateLimits } from './listen/gate-limits.ts';
import type { Rate } from './listen/token-bucket.ts';

/** What the limits of the broker mean for its gate. */
export function gateLimitsOf(limits: BrokerLimits): GateLimits {
  const { sessions, unknownSockets, unknownSocketsEach, silentMs, readyMs } = limits;
  return {
    // more than can have a session, so that the one too many hears why
    sockets: sessions + unknownSockets,
    unknown: unknownSockets,
    unknownEach: unknownSocketsEach,
    connects: rateOf(limits.connectRate),
    connectsEach: rateOf(limits.connectRateEach),
    handshakes: rateOf(limits.handshakeRate),
    handshakesEach: rateOf(limits.handshakeRateEach),
    ...{ silentMs, readyMs },
  };
}

/** Two seconds' worth may come at once: after a power cut everybody comes back together. */
function rateOf(perSecond: number): Rate {
  return { perSecond, burst: 2 * perSecond };
}
