import type { Broker } from '../../../src/broker/broker.ts';
import type { Random } from '../random.ts';
import { openRawLink, type RawLink } from '../raw-link.ts';
import { type ACK, connect, type Property, type Version } from '../wire.ts';
import type { Said } from './model.ts';

/** Messages up to the first size fit a small client, those from the second on do not, whatever their properties. */
export const SMALL_PACKET = 700;
export const SMALL_PAYLOAD = 100;
export const LARGE_PAYLOAD = 900;

export interface Acknowledgement {
  readonly kind: keyof typeof ACK;
  readonly id: number;
  readonly reason?: number;
}

/** What a client is like for its whole life. */
export interface Character {
  readonly name: string;
  readonly version: Version;
  /** Its session outlives its connections. */
  readonly isLasting: boolean;
  readonly isSmall: boolean;
  /** Topic aliases that the broker may set. */
  readonly aliases: number;
  /** Of a hundred acknowledgements that are due, so many are sent in each step. */
  readonly diligence: number;
}

/** One client of the exchange: what it has said and not yet seen acknowledged, and what it has to acknowledge. */
export class Player {
  readonly character: Character;
  link: RawLink | undefined;
  /** Said, and not yet seen on the bus. */
  readonly unheard: Said[] = [];
  /** Answers that must come, per kind in this order. */
  readonly awaited: { puback: number[]; pubrec: number[]; pubcomp: number[]; pingresp: number } = {
    puback: [],
    pubrec: [],
    pubcomp: [],
    pingresp: 0,
  };
  /** QoS 2: said, not yet released. */
  readonly unreleased = new Map<number, Said>();
  /** Topic aliases that it has set on this connection. */
  readonly ownAliases = new Map<number, string>();
  /** Topic aliases that the broker has set on this connection. */
  readonly brokerAliases = new Map<number, string>();
  due: Acknowledgement[] = [];
  /** Identifiers for which a PUBREL must come. */
  readonly expectedReleases = new Set<number>();
  /** Identifiers of what must come again, as PUBLISH or as PUBREL, in this order. */
  resent: number[] = [];
  /** The present session outlives its connection. */
  isLasting = false;
  /** MQTT 5, of the present connection; 65535 means: not said. */
  receiveMaximum = 65_535;
  said = 0;
  lastId = 0;

  constructor(character: Character) {
    this.character = character;
  }

  get version(): Version {
    return this.character.version;
  }

  get window(): number {
    return this.version === 5 ? this.receiveMaximum : 65_535;
  }

  get maxPayload(): number {
    return this.character.isSmall && this.version === 5 ? SMALL_PAYLOAD : Number.POSITIVE_INFINITY;
  }

  /** A packet identifier that is not in use. */
  freeId(random: Random): number {
    do this.lastId = random.percent(50) ? this.lastId + 1 : random.between(1, 65_535);
    while (this.lastId > 65_535 || this.isInUse(this.lastId));
    return this.lastId;
  }

  private isInUse(id: number): boolean {
    const { puback, pubrec, pubcomp } = this.awaited;
    return this.unreleased.has(id) || puback.includes(id) || pubrec.includes(id) || pubcomp.includes(id);
  }

  /** Opens a connection and says CONNECT. */
  enter(broker: Broker, isClean: boolean): RawLink {
    const { name, isLasting, version } = this.character;
    const link = openRawLink(broker, version);
    this.link = link;
    this.isLasting = isLasting && (version === 5 || !isClean);
    this.ownAliases.clear();
    this.brokerAliases.clear();
    this.due = [];
    this.expectedReleases.clear();
    const list = version === 5 ? this.connectProperties() : [];
    link.write(
      connect(version, { clientId: name, clean: version === 5 ? isClean : !this.isLasting, properties: list }),
    );
    return link;
  }

  private connectProperties(): Property[] {
    const { isLasting, isSmall, aliases } = this.character;
    const list: Property[] = [];
    if (isLasting) list.push([0x11, 3_600]);
    if (this.receiveMaximum < 65_535) list.push([0x21, this.receiveMaximum]);
    if (isSmall) list.push([0x27, SMALL_PACKET]);
    if (aliases > 0) list.push([0x22, aliases]);
    return list;
  }
}

export function makeCharacter(random: Random, index: number): Character {
  return {
    name: `player${index}`,
    version: random.pick([3, 4, 4, 5, 5, 5]),
    isLasting: random.percent(60),
    isSmall: random.percent(15),
    aliases: random.pick([0, 0, 1, 3, 20, 65_535]),
    diligence: random.pick([0, 10, 50, 100, 100]),
  };
}
