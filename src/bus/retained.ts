import { isEmpty, type Message, weightOfProps } from './message.ts';

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

/** What is kept for one topic; `stamp` grows with each message that comes. */
interface Kept {
  message: Message;
  stamp: number;
}

interface Branch {
  children: Map<string, Branch> | undefined;
  kept: Kept | undefined;
}

/** What the store needs beside topic and payload, about; and a reading that is not bytes yet. */
const OVERHEAD = 256;

/**
 * The one store of retained messages, by topic. From the first question with a wildcard inside on, it is kept level by
 * level too, so that such a question looks only where it leads.
 */
export class RetainedStore {
  readonly #kept = new Map<string, Kept>();
  readonly #sources = new Set<RetainedSource>();
  #root: Branch | undefined;
  #bytes = 0;
  #stamp = 0;

  get size(): number {
    return this.#kept.size;
  }

  /** Keeps the message for its topic; an empty one deletes. MQTT 5, 3.3.1.3. */
  put(message: Message): void {
    const { topic } = message;
    const kept = this.#kept.get(topic);
    if (kept !== undefined) {
      this.#bytes -= weightOf(kept.message);
      kept.message.onReplaced?.();
    }
    if (isEmpty(message)) {
      if (this.#kept.delete(topic) && this.#root !== undefined) remove(this.#root, topic.split('/'));
      return;
    }
    this.#bytes += weightOf(message);
    this.#stamp += 1;
    if (kept !== undefined) {
      kept.message = message;
      kept.stamp = this.#stamp;
      return;
    }
    const fresh = { message, stamp: this.#stamp };
    this.#kept.set(topic, fresh);
    if (this.#root !== undefined) branchOf(this.#root, topic).kept = fresh;
  }

  /** Whether the store stays within the limits with this message. What makes it smaller always fits. */
  fits(message: Message, { retained, retainedBytes }: RetainedLimits): boolean {
    const old = this.get(message.topic);
    const more = weightOf(message) - (old === undefined ? 0 : weightOf(old));
    if (isEmpty(message) || (old !== undefined && more <= 0)) return true;
    return (old !== undefined || this.size < retained) && this.#bytes + more <= retainedBytes;
  }

  get(topic: string): Message | undefined {
    return this.#kept.get(topic)?.message;
  }

  addSource(source: RetainedSource): () => void {
    this.#sources.add(source);
    return () => void this.#sources.delete(source);
  }

  /** Every retained message that an ordinary filter matches and that is there now; read it as slowly as you like. */
  match(filter: string): Generator<Message> {
    return this.#match(filter, this.#stamp);
  }

  *#match(filter: string, stamp: number): Generator<Message> {
    for (const kept of this.#find(filter)) if (kept.stamp <= stamp) yield kept.message;
    for (const source of this.#sources) yield* source.retained(filter);
  }

  #find(filter: string): Iterable<Kept> {
    if (filter === '#') return this.#everything();
    if (/[+#]/.test(filter)) return find(this.#tree(), filter.split('/'), 0);
    const kept = this.#kept.get(filter);
    return kept === undefined ? [] : [kept];
  }

  /** MQTT 5, 4.7.2: a leading wildcard does not match `$` topics. */
  *#everything(): Generator<Kept> {
    for (const kept of this.#kept.values()) if (!kept.message.topic.startsWith('$')) yield kept;
  }

  #tree(): Branch {
    if (this.#root !== undefined) return this.#root;
    this.#root = makeBranch();
    for (const [topic, kept] of this.#kept) branchOf(this.#root, topic).kept = kept;
    return this.#root;
  }
}

function makeBranch(): Branch {
  return { children: undefined, kept: undefined };
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
  if (leaf !== undefined) leaf.kept = undefined;
  for (let depth = levels.length; depth > 0; depth -= 1) {
    const branch = path[depth];
    if (branch === undefined || branch.kept !== undefined || (branch.children?.size ?? 0) > 0) return;
    path[depth - 1]?.children?.delete(levels[depth - 1] ?? '');
  }
}

/** MQTT 5, 4.7.1: `#` also matches its parent; 4.7.2: a leading wildcard does not match `$` topics. */
function* find(branch: Branch, levels: readonly string[], depth: number): Generator<Kept> {
  const level = levels[depth];
  if ((level === undefined || level === '#') && branch.kept !== undefined) yield branch.kept;
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

function* everything({ kept, children }: Branch): Generator<Kept> {
  if (kept !== undefined) yield kept;
  for (const child of children?.values() ?? []) yield* everything(child);
}

function weightOf(message: Message): number {
  const { topic, payloadLength } = message;
  if (payloadLength !== undefined) return OVERHEAD + topic.length + payloadLength;
  const { payload } = message;
  const size = typeof payload === 'string' || payload instanceof Uint8Array ? payload.length : OVERHEAD;
  return OVERHEAD + topic.length + size + weightOfProps(message.props);
}
