import { type Refusal, rejected } from './refusal.ts';

/** Groups and scenes of one sender that run at the same time, and of all: scenes can wait for long. */
const MOST_OF_ONE = 16;
const MOST = 256;

/** The groups and scenes that run now. */
export class OpenRuns {
  readonly #bySender = new Map<string, number>();
  #all = 0;

  refusal(sender: string): Refusal | undefined {
    const own = this.#bySender.get(sender) ?? 0;
    if (own < MOST_OF_ONE && this.#all < MOST) return undefined;
    const whose = own < MOST_OF_ONE ? '' : ` of ${sender}`;
    return rejected('HB360', `too many groups and scenes${whose} run already`);
  }

  begin(sender: string): void {
    this.#all += 1;
    this.#bySender.set(sender, (this.#bySender.get(sender) ?? 0) + 1);
  }

  end(sender: string): void {
    this.#all -= 1;
    const left = (this.#bySender.get(sender) ?? 1) - 1;
    if (left === 0) this.#bySender.delete(sender);
    else this.#bySender.set(sender, left);
  }
}
