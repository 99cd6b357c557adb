import type { RuleState } from './rule-state.ts';

/** A rule that listens to a filter, and the place of that trigger in its `when`. */
export interface Listener {
  readonly state: RuleState;
  readonly trigger: number;
}

interface Branch {
  readonly children: Map<string, Branch>;
  readonly listeners: Listener[];
}

const makeBranch = (): Branch => ({ children: new Map(), listeners: [] });
const NOBODY: readonly Listener[] = [];
const MOST_FOUND = 4_096;

/** Which rules listen to a topic: a map for whole topics, a small trie for filters with wildcards. */
export class TopicIndex {
  readonly #exact = new Map<string, Listener[]>();
  #root = makeBranch();
  #wild = 0;
  /** By topic, where there are wildcards: most topics come again and again. */
  readonly #found = new Map<string, readonly Listener[]>();
  readonly #filters: string[] = [];

  add(filter: string, listener: Listener): void {
    this.#filters.push(filter);
    this.#found.clear();
    if (!/[+#]/.test(filter)) {
      const known = this.#exact.get(filter);
      if (known === undefined) this.#exact.set(filter, [listener]);
      else known.push(listener);
      return;
    }
    this.#wild += 1;
    let branch = this.#root;
    for (const level of filter.split('/')) {
      let child = branch.children.get(level);
      if (child === undefined) {
        child = makeBranch();
        branch.children.set(level, child);
      }
      branch = child;
    }
    branch.listeners.push(listener);
  }

  /** All filters, sorted. */
  get filters(): readonly string[] {
    return [...new Set(this.#filters)].toSorted();
  }

  clear(): void {
    this.#filters.length = 0;
    this.#found.clear();
    this.#exact.clear();
    this.#root = makeBranch();
    this.#wild = 0;
  }

  /** Do not change the array. */
  match(topic: string): readonly Listener[] {
    const exact = this.#exact.get(topic) ?? NOBODY;
    if (this.#wild === 0) return exact;
    const known = this.#found.get(topic);
    if (known !== undefined) return known;
    const found = [...exact];
    collect(this.#root, topic.split('/'), 0, found);
    if (this.#found.size >= MOST_FOUND) this.#found.clear();
    this.#found.set(topic, found);
    return found;
  }
}

/** MQTT 5, 4.7.1: `#` also matches its parent; 4.7.2: a leading wildcard does not match `$` topics. */
function collect(branch: Branch, levels: readonly string[], depth: number, into: Listener[]): void {
  const level = levels[depth];
  const isOpen = depth > 0 || level?.startsWith('$') !== true;
  if (isOpen) into.push(...(branch.children.get('#')?.listeners ?? NOBODY));
  if (level === undefined) {
    into.push(...branch.listeners);
    return;
  }
  const next = branch.children.get(level);
  if (next !== undefined) collect(next, levels, depth + 1, into);
  const any = isOpen ? branch.children.get('+') : undefined;
  if (any !== undefined) collect(any, levels, depth + 1, into);
}
