import type { Rate } from './token-bucket.ts';

/** What strangers may take of this node before they have said who they are. */
export interface GateLimits {
  /** Sockets in all. When they are all taken, the one that has waited longest without a login goes. */
  readonly sockets: number;
  /** Sockets without a login, from one address and in all; one more makes the oldest go. Not for this machine. */
  readonly unknownEach: number;
  readonly unknown: number;
  /** New connections from one address and in all. Not for this machine. */
  readonly connectsEach: Rate;
  readonly connects: Rate;
  /** The same for those that want TLS, whose handshake costs far more than its caller pays. */
  readonly handshakesEach: Rate;
  readonly handshakes: Rate;
  /** How long a plain socket may keep silent, in ms. */
  readonly silentMs: number;
  /** How long TLS, the WebSocket upgrade and the first byte of MQTT may take together, in ms. */
  readonly readyMs: number;
}

export const DEFAULT_GATE_LIMITS: GateLimits = {
  sockets: 10_000,
  unknownEach: 20,
  unknown: 200,
  connectsEach: { burst: 200, perSecond: 100 },
  connects: { burst: 1_000, perSecond: 500 },
  handshakesEach: { burst: 40, perSecond: 20 },
  handshakes: { burst: 200, perSecond: 100 },
  silentMs: 5_000,
  readyMs: 10_000,
};
