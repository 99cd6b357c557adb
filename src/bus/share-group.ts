import type { Message } from './message.ts';
import type { Subscription } from './subscription.ts';

/** The members of one `$share` group on one filter; each message goes to one of them in turn, a ready one first. */
export class ShareGroup {
  readonly #members: Subscription[] = [];
  #next = 0;

  get size(): number {
    return this.#members.length;
  }

  add(member: Subscription): void {
    this.#members.push(member);
  }

  remove(member: Subscription): boolean {
    const at = this.#members.indexOf(member);
    if (at < 0) return false;
    this.#members.splice(at, 1);
    if (this.#next > at) this.#next -= 1;
    return true;
  }

  /** Another member whose turn it is; `mustBeReady`: only one that can take a message now. */
  pickOther(except: Subscription, mustBeReady: boolean): Subscription | undefined {
    const count = this.#members.length;
    let absent: Subscription | undefined;
    for (let step = 0; step < count; step += 1) {
      const at = (this.#next + step) % count;
      const member = this.#members[at];
      if (member === undefined || member === except) continue;
      if (member.isReady?.() === false) {
        absent ??= member;
        continue;
      }
      this.#next = (at + 1) % count;
      return member;
    }
    return mustBeReady ? undefined : absent;
  }

  /** The member whose turn it is; the first ready one from there on, else simply the next. */
  pick(_message: Message): Subscription | undefined {
    const count = this.#members.length;
    for (let step = 0; step < count; step += 1) {
      const at = (this.#next + step) % count;
      const member = this.#members[at];
      if (member === undefined || member.isReady?.() === false) continue;
      this.#next = (at + 1) % count;
      return member;
    }
    const member = this.#members[this.#next % Math.max(count, 1)];
    this.#next = count === 0 ? 0 : (this.#next + 1) % count;
    return member;
  }
}
