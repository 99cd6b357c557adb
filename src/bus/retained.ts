import { isEmpty, type Message } from './message.ts';

/** A service that makes retained messages only when somebody asks, such as the `$v` envelopes. */
export interface RetainedSource {
  /** The retained messages that match an ordinary filter. */
  retained(filter: string): Iterable<Message>;
}

export interface RetainedLimits {
  /** Topics. */
  readonly retained: number;
  /** Bytes of topics and payloads, with what the store needs around them. */
  readonly retainedBytes: number;
}

interface Branch {
  children: Map<string, Branch> | undefined;
  message: Message | undefined;
}

/** What the store needs beside topic and payload, about; and a reading that is not bytes yet. */
const OVERHEAD = 256;

/** The one store of retained messages: by topic, and level by level, so that a wildcard looks only where it leads. */
export class RetainedStore {
  readonly #leaves = new Map<string, Branch>();
  readonly #root: Branch = makeBranch();
  readonly #sources = new Set<RetainedSource>();
  #bytes = 0;

  get size(): number {
    return this.#leaves.size;
  }

  /** Keeps the message for its topic; an empty one deletes. MQTT 5, 3.3.1.3. */
  put(message: Message): void {
    const { topic } = message;
    let leaf = this.#leaves.get(topic);
    if (leaf?.message !== undefined) this.#bytes -= weightOf(leaf.message);
    if (isEmpty(message)) {
      if (this.#leaves.delete(topic)) remove(this.#root, topic.split('/'));
      return;
    }
    if (leaf === undefined) {
      leaf = branchOf(this.#root, topic);
      this.#leaves.set(topic, leaf);
    }
    this.#bytes += weightOf(message);
    leaf.message = message;
  }

  /** Whether the store stays within the limits with this message. What makes it smaller always fits. */
  fits(message: Message, { retained, retainedBytes }: RetainedLimits): boolean {
    const old = this.get(message.topic);
    const more = weightOf(message) - (old === undefined ? 0 : weightOf(old));
    if (isEmpty(message) || (old !== undefined && more <= 0)) return true;
    return (old !== undefined || this.size < retained) && this.#bytes + more <= retainedBytes;
  }

  get(topic: string): Message | undefined {
    return this.#leaves.get(topic)?.message;
  }

  addSource(source: RetainedSource): () => void {
    this.#sources.add(source);
    return () => void this.#sources.delete(source);
  }

  /** Every retained message that an ordinary filter matches. */
  *match(filter: string): Generator<Message> {
    if (/[+#]/.test(filter)) yield* find(this.#root, filter.split('/'), 0);
    else {
      const message = this.get(filter);
      if (message !== undefined) yield message;
    }
    for (const source of this.#sources) yield* source.retained(filter);
  }
}

function makeBranch(): Branch {
  return { children: undefined, message: undefined };
}

function branchOf(root: Branch, topic: string): Branch {
  let branch = root;
  for (const level of topic.split('/')) {
    branch.children ??= new Map();
    let child = branch.children.get(level);
    if (child === undefined) {
      child = makeBranch();
      branch.children.set(level, child);
    }
    branch = child;
  }
  return branch;
}

function remove(root: Branch, levels: readonly string[]): void {
  const path: Branch[] = [root];
  for (const level of levels) {
    const child = path.at(-1)?.children?.get(level);
    if (child === undefined) return;
    path.push(child);
  }
  const leaf = path.at(-1);
  if (leaf !== undefined) leaf.message = undefined;
  for (let depth = levels.length; depth > 0; depth -= 1) {
    const branch = path[depth];
    if (branch === undefined || branch.message !== undefined || (branch.children?.size ?? 0) > 0) return;
    path[depth - 1]?.children?.delete(levels[depth - 1] ?? '');
  }
}

/** MQTT 5, 4.7.1: `#` also matches its parent; 4.7.2: a leading wildcard does not match `$` topics. */
function* find(branch: Branch, levels: readonly string[], depth: number): Generator<Message> {
  const level = levels[depth];
  if ((level === undefined || level === '#') && branch.message !== undefined) yield branch.message;
  if (level === undefined) return;
  const isAll = level === '#';
  for (const child of isAll || level === '+' ? childrenOf(branch, depth) : childAt(branch, level)) {
    yield* isAll ? everything(child) : find(child, levels, depth + 1);
  }
}

function childAt({ children }: Branch, level: string): readonly Branch[] {
  const child = children?.get(level);
  return child === undefined ? [] : [child];
}

function* childrenOf({ children }: Branch, depth: number): Generator<Branch> {
  for (const [name, child] of children ?? []) if (depth > 0 || !name.startsWith('$')) yield child;
}

function* everything({ message, children }: Branch): Generator<Message> {
  if (message !== undefined) yield message;
  for (const child of children?.values() ?? []) yield* everything(child);
}

function weightOf({ topic, payload }: Message): number {
  const size = typeof payload === 'string' || payload instanceof Uint8Array ? payload.length : OVERHEAD;
  return OVERHEAD + topic.length + size;
}
