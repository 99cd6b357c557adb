import type { HomePoints } from './home-points.ts';
import type { HomeWords } from './scope.ts';

/** What a rule can be read against. */
export interface Surroundings {
  readonly home: HomePoints;
  readonly words: HomeWords;
}

/** `devices kitchen.air` is one of a map, `devices` is all of it. */
export type Question = string;

const PEERS = 'peers';
const MAPS = ['devices', 'groups', 'variables'] as const;
const LISTS = ['rules', 'scenes', 'services'] as const;

/** The same surroundings, telling what is asked of them. */
export function askable({ home, words }: Surroundings, ask: (question: Question) => void): Surroundings {
  const { node, unknown, devices } = home;
  const map = <V>(part: (typeof MAPS)[number], of: ReadonlyMap<string, V>) => new AskedMap(of, part, ask);
  const told = <T>(part: string, list: T): T => {
    ask(part);
    return list;
  };
  return {
    home: {
      ...{ node, unknown, devices: map('devices', devices) },
      get peers() {
        return told(PEERS, home.peers);
      },
    },
    words: {
      ...{ groups: map('groups', words.groups), variables: map('variables', words.variables) },
      get rules() {
        return told('rules', words.rules);
      },
      get scenes() {
        return told('scenes', words.scenes);
      },
      get services() {
        return told('services', words.services);
      },
    },
  };
}

/** What they say to one question; undefined: there is none of this name. */
export function answerTo(question: Question, { home, words }: Surroundings): unknown {
  const at = question.indexOf(' ');
  const part = at < 0 ? question : question.slice(0, at);
  const map = MAPS.find((name) => name === part);
  if (map !== undefined) {
    const all: ReadonlyMap<string, unknown> = map === 'devices' ? home.devices : words[map];
    if (at < 0) return [...all];
    const name = question.slice(at + 1);
    // A device whose points nobody knows yet is there all the same.
    return all.has(name) ? (all.get(name) ?? null) : undefined;
  }
  const list = LISTS.find((name) => name === part);
  return list === undefined ? home.peers : words[list];
}

class AskedMap<V> implements ReadonlyMap<string, V> {
  readonly #map: ReadonlyMap<string, V>;
  readonly #part: string;
  readonly #ask: (question: Question) => void;

  constructor(map: ReadonlyMap<string, V>, part: string, ask: (question: Question) => void) {
    this.#map = map;
    this.#part = part;
    this.#ask = ask;
  }

  get size(): number {
    return this.#all().size;
  }

  get(name: string): V | undefined {
    this.#ask(`${this.#part} ${name}`);
    return this.#map.get(name);
  }

  has(name: string): boolean {
    this.#ask(`${this.#part} ${name}`);
    return this.#map.has(name);
  }

  forEach(tell: (value: V, name: string, map: ReadonlyMap<string, V>) => void): void {
    this.#all().forEach(tell);
  }

  entries(): MapIterator<[string, V]> {
    return this.#all().entries();
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<V> {
    return this.#all().values();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  #all(): ReadonlyMap<string, V> {
    this.#ask(this.#part);
    return this.#map;
  }
}
