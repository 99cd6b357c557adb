import { type EngineLink, startEngineLink } from '../bridge/engine-link.ts';
import type { CredentialAccess } from '../broker/access/credential-access.ts';
import type { Broker } from '../broker/broker.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { StatusAnswer } from '../schemes/contracts.ts';
import type { Problem } from '../schemes/problem.ts';
import type { BrokerText, EngineText } from '../schemes/scheme.ts';
import { BrokerDoors } from './broker-doors.ts';
import type { OutboxKeeper } from './keep-outbox.ts';
import type { ListenerAnswer } from './listen.ts';
import type { Environment } from './scheme-version.ts';

type EngineAnswer = NonNullable<StatusAnswer['nodes'][number]['engine']>;

export interface DoorsWorld {
  readonly node: string;
  readonly bus: Bus;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the node keeps what it remembers. */
  readonly dataFolder: string;
  readonly hostName: string;
  /** Who may come in. */
  readonly access: CredentialAccess;
  /** Where readings wait while an engine is away. */
  readonly outbox: OutboxKeeper;
}

/** The ways in and out for MQTT: the embedded broker's own doors and the link to an external engine. */
export class Doors {
  readonly #world: DoorsWorld;
  readonly #own: BrokerDoors;
  #engine: EngineLink | undefined;
  #engineText: EngineText | undefined;

  constructor(world: DoorsWorld) {
    this.#world = world;
    const { access, log } = world;
    this.#own = new BrokerDoors({ ...world, hasPlain: () => access.hasPlain });
    access.onChange(() => {
      this.#own.refresh().catch((error: unknown) => log.error('the doors stay as they are', { error }));
    });
  }

  get listeners(): readonly ListenerAnswer[] {
    return this.#own.answers;
  }

  get engine(): EngineAnswer | undefined {
    const url = this.#engineText?.url;
    return this.#engine === undefined || url === undefined ? undefined : { url, ...this.#engine.state() };
  }

  get problems(): readonly Problem[] {
    const engine = this.engine;
    const { access, outbox } = this.#world;
    const own = [...access.problems(), ...this.#own.problems, ...outbox.problems()];
    if (engine === undefined || engine.connected) return own;
    const message = `the engine ${engine.url} is not connected${engine.why === undefined ? '' : `: ${engine.why}`}`;
    return [...own, { code: 'HB123', severity: 'warning', message }];
  }

  /** Opens and closes what differs from before; the rest goes on untouched. */
  async apply(wanted: BrokerText, environment: Environment): Promise<void> {
    this.#world.access.apply(wanted, environment);
    await this.#own.apply(wanted);
    if (JSON.stringify(wanted.engine) === JSON.stringify(this.#engineText)) return;
    await this.#engine?.stop();
    if (wanted.engine === undefined) (await this.#world.outbox.get()).forget('engine');
    this.#engineText = wanted.engine;
    this.#engine = wanted.engine === undefined ? undefined : await this.#link(wanted.engine, environment);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#engine?.stop(), this.#own.stop(), this.#world.broker.stop()]);
  }

  async #link({ url, user, password }: EngineText, environment: Environment): Promise<EngineLink> {
    const { bus, node, clock, log } = this.#world;
    const outbox = await this.#world.outbox.get();
    const secret = password === undefined ? undefined : environment[password.replace(/^\$/, '')];
    const login = { ...(user === undefined ? {} : { user }), ...(secret === undefined ? {} : { password: secret }) };
    return startEngineLink({ bus, node, url, clock, log: log.child({ service: 'engine' }), outbox, ...login });
  }
}
