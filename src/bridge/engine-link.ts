import type { MqttClient } from 'mqtt';
import type { Bus } from '../bus/bus.ts';
import { textOf } from '../bus/message.ts';
import { type Cancel, type Clock, sleep } from '../kit/clock.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { topics } from '../schemes/topics.ts';
import {
  connectEngine,
  type EngineAddress,
  type EngineVersion,
  shownAddress,
  VersionRefused,
} from './engine-client.ts';
import { EngineOutbox } from './engine-outbox.ts';
import { startTraffic } from './engine-traffic.ts';
import { Patience } from './patience.ts';

export interface EngineLinkOptions extends EngineAddress {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** Where readings wait while the engine is away, as their publish policy wants it; default: only the latest are kept. */
  readonly outbox?: Outbox | undefined;
  /** 0 <= x < 1. Default: Math.random. */
  readonly random?: () => number;
  readonly onState?: (state: EngineState) => void;
}

export interface EngineState {
  readonly connected: boolean;
  /** Why it is not connected. */
  readonly why?: string;
}

export interface EngineLink {
  state(): EngineState;
  /** Says `disconnected` to the engine and closes; settles within 1 s. */
  stop(): Promise<void>;
}

const STOP_MS = 500;

/**
 * Makes the node a client of an external broker: its readings go there, commands for it and the other nodes' readings
 * come from there. Architecture page, 4.2. It tries for ever; each change of state is logged once (HB123, HB126).
 */
export function startEngineLink(options: EngineLinkOptions): EngineLink {
  const link = new Link(options);
  void link.run();
  return { state: () => link.state, stop: () => link.stop() };
}

class Link {
  state: EngineState = { connected: false, why: 'connecting' };
  readonly #options: EngineLinkOptions;
  #version: EngineVersion = 5;
  readonly #patience: Patience;
  readonly #kept: EngineOutbox | undefined;
  #client: MqttClient | undefined;
  #endTraffic: () => void = () => undefined;
  #cancel: Cancel = () => undefined;
  readonly #stopping = new AbortController();
  #isStopped = false;
  #told = '';

  constructor(options: EngineLinkOptions) {
    this.#options = options;
    this.#patience = new Patience(options.clock, options.random ?? Math.random);
    const { outbox } = options;
    this.#kept = outbox === undefined ? undefined : new EngineOutbox({ ...options, outbox });
  }

  async run(): Promise<void> {
    try {
      const client = await connectEngine(this.#options, this.#version, this.#stopping.signal);
      if (this.#isStopped) client.end(true);
      else this.#connected(client);
    } catch (error) {
      this.#failed(error);
    }
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#stopping.abort();
    this.#cancel();
    const client = this.#client;
    this.#endTraffic();
    this.#kept?.stop();
    if (client === undefined) return;
    const { bus, node, clock } = this.#options;
    const topic = topics.nodeState(node);
    const last = bus.retainedAt(topic);
    if (last === undefined || textOf(last) !== 'disconnected')
      client.publish(topic, 'disconnected', { qos: 1, retain: true });
    await Promise.race([client.endAsync(), sleep(clock, STOP_MS)]);
    client.end(true);
    this.#become({ connected: false, why: 'stopped' });
  }

  #connected(client: MqttClient): void {
    const { url, log } = this.#options;
    this.#client = client;
    this.#patience.connected();
    client.once('close', () => this.#lost());
    this.#endTraffic = startTraffic({ ...this.#options, kept: this.#kept }, client, this.#version);
    this.#become({ connected: true });
    this.#tell('connected', () => log.info('engine connected', { engine: shownAddress(url), mqtt: this.#version }));
  }

  #lost(): void {
    this.#endTraffic();
    this.#client = undefined;
    if (!this.#isStopped)
      this.#failed(new HanbusError('HB123', `${shownAddress(this.#options.url)} closed the connection`));
  }

  #failed(error: unknown): void {
    if (this.#isStopped) return;
    const { clock, log } = this.#options;
    const isVersionRefused = error instanceof VersionRefused;
    if (isVersionRefused) this.#version = this.#version === 5 ? 4 : 5;
    if (isVersionRefused && this.#version === 4) {
      void this.run();
      return;
    }
    const why = reasonOf(error);
    const code = error instanceof HanbusError ? error.code : 'HB123';
    this.#become({ connected: false, why });
    this.#tell(code, () => log.warn('the engine is not connected', { code, why }));
    this.#cancel = clock.after(this.#patience.failed(), () => void this.run());
  }

  #become(state: EngineState): void {
    this.state = state;
    this.#options.onState?.(state);
  }

  /** Logs a change of state, not each try. */
  #tell(what: string, say: () => void): void {
    if (what === this.#told) return;
    this.#told = what;
    say();
  }
}
