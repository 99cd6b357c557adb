import { type Listener, type ListenOptions, openListener } from './listen/listener.ts';

type ListenWorld = Parameters<typeof openListener>[1];

/** The doors that are open. */
export class OpenDoors {
  readonly #world: ListenWorld;
  readonly #listeners = new Set<Listener>();

  constructor(world: ListenWorld) {
    this.#world = world;
  }

  async open(options: ListenOptions): Promise<Listener> {
    const listener = await openListener(options, this.#world);
    this.#listeners.add(listener);
    return listener;
  }

  /** Closes all; who came in stays. */
  async close(): Promise<void> {
    const closing = [...this.#listeners].map((listener) => listener.close());
    this.#listeners.clear();
    await Promise.all(closing);
  }
}
