/** Packets remembered. */
const MOST = 2_000;

interface Sent {
  readonly id: string;
  readonly what: string;
}

/** Which command came in which packet of which client: a packet that is sent again is the same command. */
export class PacketBook {
  readonly #sent = new Map<string, Sent>();

  /** The id of the command that came in this packet before; undefined when it was another, or none. */
  find(packet: string, what: string): string | undefined {
    const sent = this.#sent.get(packet);
    return sent?.what === what ? sent.id : undefined;
  }

  keep(packet: string, sent: Sent): void {
    this.#sent.delete(packet);
    this.#sent.set(packet, sent);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > MOST && oldest !== undefined) this.#sent.delete(oldest);
  }
}
