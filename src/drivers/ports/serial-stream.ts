import type { Cancel, Clock } from '../../kit/clock.ts';
import { Unavailable } from '../../kit/errors.ts';
import type { Pollable, PollableHeard } from './pollable.ts';
import type { ByteListener, LineListener, OpenSerial } from './serial-line.ts';

const MOST_BYTES = 4_096;
const LONGEST_LINE = 1_024;
const NEWLINE = 0x0a;

interface Waiter {
  readonly count: number;
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
  cancel: Cancel;
}

/** What comes from a serial port, cut into lines or handed out in pieces; nothing is kept without bound. */
export class SerialStream implements OpenSerial {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #link: Pollable;
  #waiting: number[] = [];
  #waiter: Waiter | undefined;
  #lines: LineListener | undefined;
  #bytes: ByteListener | undefined;
  /** What began before the port was opened, and what is longer than a line, goes on until the next end of a line. */
  #isSkipping = true;
  #end: Unavailable | undefined;

  constructor(path: string, clock: Clock, connect: (heard: PollableHeard) => Pollable) {
    this.#path = path;
    this.#clock = clock;
    this.#link = connect({ bytes: (bytes) => this.#hear(bytes), end: (error) => this.#onEnd(error) });
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#refuseEnded();
    try {
      await this.#link.write(bytes);
    } catch (error) {
      throw new Unavailable(`${this.#path} takes no bytes`, { code: 'HB106', cause: error });
    }
  }

  take(count: number, withinMs: number): Promise<Uint8Array> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    if (this.#waiter !== undefined) return Promise.reject(new Error(`two take from ${this.#path} at the same time`));
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(withinMs, () => {
        this.#waiter = undefined;
        reject(new Unavailable(`${this.#path} did not answer within ${withinMs} ms`, { code: 'HB143' }));
      });
      this.#waiter = { count, resolve, reject, cancel };
      this.#serve();
    });
  }

  waiting(): number {
    return this.#waiting.length;
  }

  flush(): void {
    this.#waiting = [];
  }

  lines(listener: LineListener): void {
    this.#lines = listener;
  }

  bytes(listener: ByteListener): void {
    this.#bytes = listener;
    if (this.#waiting.length > 0) listener.waiting();
  }

  async close(): Promise<void> {
    this.#end ??= new Unavailable(`${this.#path} was closed`);
    this.#lines = undefined;
    this.#bytes = undefined;
    this.#fail(this.#end);
    await this.#link.close();
  }

  #hear(bytes: Uint8Array): void {
    this.#waiting.push(...bytes);
    if (this.#lines === undefined) this.#offer();
    else this.#cut(this.#lines);
  }

  #offer(): void {
    if (this.#waiting.length > MOST_BYTES) this.#waiting = this.#waiting.slice(-MOST_BYTES);
    this.#serve();
    if (this.#waiter === undefined && this.#waiting.length > 0) this.#bytes?.waiting();
  }

  #serve(): void {
    const waiter = this.#waiter;
    if (waiter === undefined || this.#waiting.length < waiter.count) return;
    this.#waiter = undefined;
    waiter.cancel();
    waiter.resolve(Uint8Array.from(this.#waiting.splice(0, waiter.count)));
  }

  #cut(listener: LineListener): void {
    for (let end = this.#waiting.indexOf(NEWLINE); end !== -1; end = this.#waiting.indexOf(NEWLINE)) {
      const line = this.#waiting.splice(0, end + 1).slice(0, -1);
      if (!this.#isSkipping && line.length <= LONGEST_LINE) listener.line(textOf(line));
      this.#isSkipping = false;
    }
    if (this.#waiting.length <= LONGEST_LINE) return;
    this.#isSkipping = true;
    this.#waiting = [];
  }

  #onEnd(cause: Error | undefined): void {
    const facts = cause === undefined ? {} : { cause };
    const error = new Unavailable(`${this.#path} was unplugged`, { code: 'HB106', ...facts });
    this.#end ??= error;
    const listener = this.#lines ?? this.#bytes;
    this.#fail(error);
    listener?.fail(error);
  }

  #fail(error: unknown): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.cancel();
    waiter?.reject(error);
  }

  #refuseEnded(): void {
    if (this.#end !== undefined) throw this.#end;
  }
}

/** UTF-8 where it is, else Latin-1: small boards send the degree sign in both. */
function textOf(line: readonly number[]): string {
  const bytes = Uint8Array.from(line);
  const text = new TextDecoder().decode(bytes);
  return (text.includes('\ufffd') ? new TextDecoder('latin1').decode(bytes) : text).replace(/\r$/, '');
}
