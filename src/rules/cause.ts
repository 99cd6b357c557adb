import { addNumber, addText, copyHash, type Hash } from './hash.ts';
import type { Message } from './message.ts';
import type { Now } from './now.ts';

/** What started a run. Its key is the same on every node that sees the same, and at every replay of the same. */
export interface Cause {
  /** Place in `when`; -1: a person. */
  readonly trigger: number;
  /** In words, for `why`. */
  readonly text: string;
  /** Owner's point, epoch and sequence; or the scheduled instant; or a message with a number that does not come again. */
  readonly point: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly message: Message | undefined;
  /** Rules whose actions led here, by name. */
  readonly chain: readonly string[];
}

/** The `point` of a cause that is a scheduled instant. */
export const INSTANT = '@';

const NO_CHAIN: readonly string[] = [];

export function causeOfNews(now: Now, trigger: number, text: string): Cause {
  const { point, epoch, sequence, message } = now;
  return { trigger, text, point, epoch, sequence, message, chain: NO_CHAIN };
}

/** A schedule: its instant is enough, on every node. */
export function causeOfInstant(trigger: number, text: string, instant: number): Cause {
  return { trigger, text, point: INSTANT, epoch: 0, sequence: instant, message: undefined, chain: NO_CHAIN };
}

/** The hash that the ids of all actions of a run begin with. */
export function seedOf(
  fingerprint: Hash,
  { point, epoch, sequence }: Pick<Cause, 'epoch' | 'point' | 'sequence'>,
  part: string,
): Hash {
  const hash = copyHash(fingerprint);
  addText(hash, point);
  addNumber(hash, epoch);
  addNumber(hash, sequence);
  addText(hash, part);
  return hash;
}

/** A person asked for it. */
export function byPerson(machine: {
  count: number;
  readonly kit: { readonly now: Now };
  readonly world: { readonly epoch?: number };
}): Cause {
  machine.count += 1;
  const { wall } = machine.kit.now;
  const epoch = machine.world.epoch ?? 0;
  return {
    trigger: -1,
    text: 'a person',
    point: `!person@${wall}`,
    epoch,
    sequence: machine.count,
    message: undefined,
    chain: NO_CHAIN,
  };
}
