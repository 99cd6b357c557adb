import { Unavailable } from '../../kit/errors.ts';
import { InTurn } from '../../kit/in-turn.ts';
import type { OpenSerial } from '../ports/serial-line.ts';
import { addressCode, functionCode, type X10Address, X10Ear, type X10Function, type X10Heard } from './x10.ts';

export interface Cm11aWorld {
  readonly port: OpenSerial;
  /** Wall time for the clock of the interface, ms. */
  readonly now: () => number;
  readonly hear: (heard: X10Heard) => void;
  readonly fail: (error: unknown) => void;
}

/** Bytes of the conversation. Source: CM11A interface communication protocol, 3 to 8. */
const BYTE = { confirm: 0x00, ready: 0x55, poll: 0x5a, poweredUp: 0xa5, send: 0xc3, clock: 0x9b } as const;
/** Headers: bit 2 is always 1, bit 1 says function. */
const [ADDRESS, FUNCTION] = [0x04, 0x06];
const CHECKSUM_MS = 1_500;
/** A command takes about 0.4 s on the power line, more when the line is busy. */
const READY_MS = 8_000;
const TRIES = 4;
/** The buffer of the interface: mask and eight bytes. */
const MOST_UPLOAD = 9;

/**
 * The conversation with a CM11A. Each frame is confirmed by its checksum; when that is right we say so, and the interface
 * tells when it has sent it. In between it may ask to be read, or, after a power cut, for the time.
 */
export class Cm11a {
  readonly #world: Cm11aWorld;
  readonly #ear = new X10Ear();
  readonly #turns = new InTurn();

  constructor(world: Cm11aWorld) {
    this.#world = world;
  }

  /** Begins to hear what the interface wants. */
  listen(): void {
    const { port, fail } = this.#world;
    const serve = () => void this.#turns.run(() => this.#serve()).catch(fail);
    port.bytes({ waiting: serve, fail });
  }

  /** Resolves when the command has been sent over the power line. Throws Unavailable. */
  async send(address: X10Address, name: X10Function): Promise<void> {
    await this.#turns.run(async () => {
      await this.#serve();
      await this.#frame([ADDRESS, addressCode(address)]);
      await this.#frame([FUNCTION, functionCode(address.house, name)]);
    });
  }

  async #frame(bytes: readonly number[]): Promise<void> {
    const { port } = this.#world;
    const sum = bytes.reduce((total, byte) => total + byte, 0) & 0xff;
    for (let left = TRIES; left > 0; left -= 1) {
      await port.write(Uint8Array.from(bytes));
      const answer = await this.#byte(CHECKSUM_MS);
      if (answer !== sum) {
        // Its own wish, or a checksum that shows a fault of the line: the frame is sent again.
        await this.#wish(answer);
        continue;
      }
      await port.write(Uint8Array.of(BYTE.confirm));
      await this.#ready();
      return;
    }
    throw new Unavailable('the CM11A does not confirm what it is told: check its cable', { code: 'HB146' });
  }

  async #ready(): Promise<void> {
    for (let answer = await this.#byte(READY_MS); answer !== BYTE.ready; answer = await this.#byte(READY_MS)) {
      await this.#wish(answer);
    }
  }

  /** Serves what waits: the interface repeats its wish each second until it is heard. */
  async #serve(): Promise<void> {
    while (this.#world.port.waiting() > 0) await this.#wish(await this.#byte(CHECKSUM_MS));
  }

  async #wish(byte: number): Promise<void> {
    if (byte === BYTE.poll) await this.#upload();
    if (byte === BYTE.poweredUp) await this.#setClock();
  }

  async #upload(): Promise<void> {
    const { port, hear } = this.#world;
    await port.write(Uint8Array.of(BYTE.send));
    let size = await this.#byte(CHECKSUM_MS);
    // A poll that was on its way already.
    while (size === BYTE.poll) size = await this.#byte(CHECKSUM_MS);
    if (size < 2 || size > MOST_UPLOAD) {
      port.flush();
      return;
    }
    const bytes = await port.take(size, CHECKSUM_MS);
    for (const heard of this.#ear.upload([...bytes])) hear(heard);
  }

  async #setClock(): Promise<void> {
    const { port, now } = this.#world;
    port.flush();
    await port.write(Uint8Array.from(clockFrame(new Date(now()))));
    await this.#byte(CHECKSUM_MS);
    await port.write(Uint8Array.of(BYTE.confirm));
    await this.#byte(READY_MS);
  }

  async #byte(withinMs: number): Promise<number> {
    const [byte = 0] = await this.#world.port.take(1, withinMs);
    return byte;
  }
}

/** Seconds, minutes of two hours, two-hours, day of the year (9 bits), day of the week, house A. Protocol, 8. */
function clockFrame(time: Date): readonly number[] {
  const firstDay = new Date(time.getFullYear(), 0, 1);
  const day = Math.round(
    (new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime() - firstDay.getTime()) / 86_400_000,
  );
  return [
    BYTE.clock,
    time.getSeconds(),
    time.getMinutes() + 60 * (time.getHours() % 2),
    Math.floor(time.getHours() / 2),
    day & 0xff,
    ((day >> 8) << 7) | (1 << time.getDay()),
    0x60,
  ];
}
