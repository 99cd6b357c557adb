import type { Clock } from '../kit/clock.ts';
import type { CommandMode } from '../schemes/command.ts';
import { inWords } from './judge.ts';
import type { Wish } from './read-command.ts';
import { expired, type Refusal } from './refusal.ts';

/** What tells how old a command is. */
export interface Timed {
  readonly wish: Wish;
  /** Wall ms: MQTT 5 message expiry. */
  readonly expiresAt?: number | undefined;
  /** It may be one that came before: a packet that an MQTT client sent again. */
  readonly isAgain?: boolean | undefined;
}

export interface TimeWorld {
  readonly clock: Clock;
  readonly isTimeTrusted: () => boolean;
}

/** How long a command is good for when it does not say. */
const TTL_MS: Readonly<Record<CommandMode, number>> = { once: 5_000, set: 30_000 };

/** ms that it may wait from now on. What nobody can tell the age of is not done where it must not be done late. */
export function timeLeft(world: TimeWorld, timed: Timed, mode: CommandMode): number | Refusal {
  const { clock, isTimeTrusted } = world;
  const { wish, expiresAt = Number.POSITIVE_INFINITY, isAgain = false } = timed;
  const at = isTimeTrusted() ? wish.at : undefined;
  if (mode === 'once' && at === undefined && (isAgain || wish.at !== undefined)) return expired(undatedWords(wish));
  const ttl = wish.ttlMs ?? TTL_MS[mode];
  const wall = clock.now();
  const age = wall - (at ?? wall);
  if (mode === 'once' && age < -ttl) return expired(aheadWords(-age));
  if (age > ttl) return expired(`it was given ${inWords(age)} ago and was good for ${inWords(ttl)}`);
  const left = Math.min(ttl - Math.max(age, 0), expiresAt - wall);
  return left > 0 ? left : expired('its message expiry is over');
}

const aheadWords = (ahead: number): string =>
  `it was given in ${inWords(ahead)}: the clock of who gave it is wrong, so nobody knows how old it is`;

function undatedWords({ at }: Wish): string {
  return at === undefined
    ? 'it was sent again after a break, and nobody knows how old it is'
    : 'the clock of this node is not set, so nobody knows how old it is';
}
