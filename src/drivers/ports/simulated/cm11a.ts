import type { Cancel, Clock } from '../../../kit/clock.ts';
import type { SerialEndpoint } from './serial.ts';

/** Time of one frame on the power line. */
const LINE_MS = 400;
const POLL_MS = 1_000;
const BYTE = { confirm: 0x00, ready: 0x55, poll: 0x5a, poweredUp: 0xa5, send: 0xc3, clock: 0x9b } as const;

/** A CM11A at the other end of the cable, by its protocol: checksums, ready, uploads, and the wish for the time. */
export class Cm11aModel implements SerialEndpoint {
  readonly #clock: Clock;
  readonly #listeners: ((address: number, code: number) => void)[] = [];
  #say: (bytes: Uint8Array) => void = () => undefined;
  #frame: number[] = [];
  #upload: readonly number[] | undefined;
  #onConfirm: (() => void) | undefined;
  #address = 0;
  /** What it asks for each second until it is heard. */
  #wish: number | undefined;
  #cancel: Cancel = () => undefined;
  /** What was sent over the power line: pairs of address and function, as codes. */
  readonly sent: (readonly [address: number, code: number])[] = [];
  /** It was given the time. */
  isClockSet = false;
  /** Somebody has its port open. */
  isOpen = false;
  /** It does not say anything. */
  isMute = false;
  /** So many checksums from now on are wrong. */
  wrongChecksums = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  onSent(hear: (address: number, code: number) => void): void {
    this.#listeners.push(hear);
  }

  /** Something comes over the power line: it asks to be read until it is. At most 8 bytes. */
  receive(mask: number, bytes: readonly number[]): void {
    this.#upload = [mask, ...bytes];
    this.#ask(BYTE.poll);
  }

  /** The mains were away: it asks for the time. */
  powerFailed(): void {
    this.#ask(BYTE.poweredUp);
  }

  opened(say: (bytes: Uint8Array) => void): void {
    this.#say = say;
    this.isOpen = true;
    this.#frame = [];
    if (this.#wish !== undefined) this.#ask(this.#wish);
  }

  closed(): void {
    this.#cancel();
    this.isOpen = false;
    this.#say = () => undefined;
  }

  hear(bytes: Uint8Array): void {
    for (const byte of bytes) this.#hearByte(byte);
  }

  #hearByte(byte: number): void {
    const isFirst = this.#frame.length === 0;
    if (isFirst && byte === BYTE.send && this.#upload !== undefined) this.#answerPoll(this.#upload);
    else if (isFirst && byte === BYTE.confirm) this.#confirm();
    else this.#collect(byte);
  }

  #collect(byte: number): void {
    this.#frame.push(byte);
    if (this.#frame.length === (this.#frame[0] === BYTE.clock ? 7 : 2)) this.#complete(this.#frame.splice(0));
  }

  #answerPoll(upload: readonly number[]): void {
    this.#tell(upload.length, ...upload);
    this.#upload = undefined;
    this.#content();
  }

  #complete(frame: readonly number[]): void {
    const sum = frame.reduce((total, byte) => total + byte, 0) & 0xff;
    if (frame[0] === BYTE.clock) {
      this.isClockSet = true;
      this.#content();
    }
    this.#onConfirm = () => this.#execute(frame);
    this.#tell(this.wrongChecksums > 0 ? sum ^ 0x01 : sum);
    this.wrongChecksums = Math.max(0, this.wrongChecksums - 1);
  }

  #confirm(): void {
    const confirmed = this.#onConfirm;
    this.#onConfirm = undefined;
    confirmed?.();
  }

  #execute([header = 0, code = 0]: readonly number[]): void {
    this.#clock.after(LINE_MS, () => this.#tell(BYTE.ready));
    if (header === BYTE.clock) return;
    if ((header & 2) === 0) {
      this.#address = code;
      return;
    }
    this.sent.push([this.#address, code]);
    for (const hear of this.#listeners) hear(this.#address, code);
  }

  #ask(wish: number): void {
    this.#wish = wish;
    this.#cancel();
    if (!this.isOpen) return;
    this.#tell(wish);
    this.#cancel = this.#clock.after(POLL_MS, () => this.#ask(wish));
  }

  #content(): void {
    this.#wish = undefined;
    this.#cancel();
  }

  #tell(...bytes: readonly number[]): void {
    if (!this.isMute) this.#say(Uint8Array.from(bytes));
  }
}
