import type { Broker } from '../broker/broker.ts';
import type { TlsKeys } from '../broker/listen/tls-keys.ts';
import type { Cancel } from '../kit/clock.ts';
import { InTurn } from '../kit/in-turn.ts';
import { type DoorText, doorsOf, isOpenPlain } from '../schemes/listen-address.ts';
import type { Problem } from '../schemes/problem.ts';
import type { BrokerText } from '../schemes/scheme.ts';
import { type DoorTerms, type ListenerAnswer, type Opened, openDoor } from './listen.ts';
import { openKeys, type TlsWorld } from './tls.ts';

export interface BrokerDoorsWorld extends TlsWorld {
  readonly broker: Broker;
  /** Whether some login may come in without TLS from another machine. Default: what the scheme says of its users. */
  readonly hasPlain?: () => boolean;
}

/** A door that could not be opened is tried again after this time: addresses and ports come and go. */
const AGAIN_MS = 30_000;

interface Door {
  readonly text: DoorText;
  opened: Opened;
}

/** The doors of the own broker, as the scheme wants them. Clients that came in stay, whatever happens to their door. */
export class BrokerDoors {
  readonly #world: BrokerDoorsWorld;
  /** By all that they depend on. */
  readonly #doors = new Map<string, Door>();
  #text: BrokerText = { listen: 'off' };
  #keys: TlsKeys | undefined;
  /** What `#keys` was opened for. */
  #keysText = '';
  /** A scheme may change while the one before it is being applied. */
  readonly #turns = new InTurn();
  #cancelAgain: Cancel = () => undefined;

  constructor(world: BrokerDoorsWorld) {
    this.#world = world;
  }

  get answers(): readonly ListenerAnswer[] {
    const fingerprint = this.#keys?.fingerprint;
    return [...this.#doors.values()].flatMap(({ text, opened }) =>
      fingerprint !== undefined && isTls(text)
        ? opened.answers.map((answer) => ({ ...answer, fingerprint }))
        : opened.answers,
    );
  }

  get problems(): readonly Problem[] {
    const own = [...this.#doors.values()].flatMap(({ opened }) => opened.problems);
    const all = [...own, ...(this.#keys?.problems() ?? [])];
    return all.filter(({ message }, index) => all.findIndex((other) => other.message === message) === index);
  }

  /** Opens and closes what differs from before; the rest goes on untouched. */
  apply(text: BrokerText): Promise<void> {
    return this.#turns.run(() => this.#apply(text));
  }

  /** To be called when `hasPlain` has become another: plain doors for the network open and close with it. */
  refresh(): Promise<void> {
    return this.#turns.run(() => this.#apply(this.#text));
  }

  #hasPlain({ users = [] }: BrokerText): boolean {
    return this.#world.hasPlain?.() ?? users.some(({ plain }) => plain);
  }

  /** Closes all doors. */
  stop(): Promise<void> {
    return this.#turns.run(async () => {
      this.#cancelAgain();
      for (const [key] of this.#doors) this.#close(key);
      this.#closeKeys();
    });
  }

  async #apply(text: BrokerText): Promise<void> {
    this.#text = text;
    const hasPlain = this.#hasPlain(text);
    const wanted = new Map(doorsOf(text).map((door) => [keyOf(door, text, hasPlain), door]));
    for (const [key] of this.#doors) if (!wanted.has(key)) this.#close(key);
    if (![...wanted.values()].some(isTls) || this.#keysText !== JSON.stringify(text.tls)) this.#closeKeys();
    for (const [key, door] of wanted) if (!this.#doors.has(key)) await this.#open(key, door);
    this.#tryAgain();
  }

  async #open(key: string, text: DoorText): Promise<void> {
    const { broker, log } = this.#world;
    this.#doors.set(key, { text, opened: await openDoor(broker, text, this.#terms(), log) });
  }

  #close(key: string): void {
    void this.#doors.get(key)?.opened.listener?.close();
    this.#doors.delete(key);
  }

  #tryAgain(): void {
    this.#cancelAgain();
    const closed = [...this.#doors].filter(([, { opened }]) => opened.listener === undefined);
    if (closed.length === 0) return;
    this.#cancelAgain = this.#world.clock.after(AGAIN_MS, () => {
      void this.#turns.run(async () => {
        for (const [key, { text }] of closed) if (this.#doors.has(key)) await this.#open(key, text);
        this.#tryAgain();
      });
    });
  }

  #terms(): DoorTerms {
    const { tls, origins = [] } = this.#text;
    return {
      clients: tls?.client ?? 'off',
      origins,
      hosts: [this.#world.hostName.toLowerCase()],
      hasPlain: this.#hasPlain(this.#text),
      keys: () => this.#openKeys(),
    };
  }

  async #openKeys(): Promise<TlsKeys> {
    if (this.#keys !== undefined) return this.#keys;
    const { tls } = this.#text;
    this.#keys = await openKeys(tls ?? { client: 'off' }, this.#world);
    this.#keysText = JSON.stringify(tls);
    return this.#keys;
  }

  #closeKeys(): void {
    this.#keys?.close();
    this.#keys = undefined;
  }
}

function isTls({ transport }: DoorText): boolean {
  return transport === 'tls' || transport === 'wss';
}

/** A door with another key is another door. */
function keyOf(door: DoorText, { tls, origins }: BrokerText, hasPlain: boolean): string {
  const isWeb = door.transport === 'ws' || door.transport === 'wss';
  return JSON.stringify([
    door,
    isTls(door) ? tls : undefined,
    isWeb ? origins : undefined,
    isOpenPlain(door) ? hasPlain : undefined,
  ]);
}
