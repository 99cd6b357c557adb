import { ShareGroup } from './share-group.ts';
import { parseShared, type Subscription } from './subscription.ts';

/** What a topic leads to: single subscriptions and one entry per shared group. */
export type Target = Subscription | ShareGroup;

/** What is empty is not there: a subscription with many levels must not cost three collections for each. */
interface Branch {
  children: Map<string, Branch> | undefined;
  single: Set<Subscription> | undefined;
  groups: Map<string, ShareGroup> | undefined;
}

/** Topics remembered with their targets; beyond it the cache starts anew. */
const CACHE_LIMIT = 20_000;

const makeBranch = (): Branch => ({ children: undefined, single: undefined, groups: undefined });
const isBare = ({ children, single, groups }: Branch) =>
  (children?.size ?? 0) + (single?.size ?? 0) + (groups?.size ?? 0) === 0;

/** Every subscription of the node, found by topic. A lookup of a topic seen before is one map access. */
export class SubscriptionTrie {
  readonly #root = makeBranch();
  readonly #cache = new Map<string, readonly Target[]>();
  #size = 0;

  /** How many subscriptions there are. */
  get size(): number {
    return this.#size;
  }

  add(subscription: Subscription): void {
    const shared = parseShared(subscription.filter);
    let branch = this.#root;
    for (const level of (shared?.filter ?? subscription.filter).split('/')) {
      branch = childOf(branch, level);
    }
    branch.single ??= new Set();
    if (shared === undefined) branch.single.add(subscription);
    else groupOf(branch, shared.group).add(subscription);
    this.#size += 1;
    this.#cache.clear();
  }

  /** False when it was not there. */
  remove(subscription: Subscription): boolean {
    const shared = parseShared(subscription.filter);
    const levels = (shared?.filter ?? subscription.filter).split('/');
    const path: Branch[] = [this.#root];
    for (const level of levels) {
      const child = path.at(-1)?.children?.get(level);
      if (child === undefined) return false;
      path.push(child);
    }
    const leaf = path.at(-1);
    if (leaf === undefined || !take(leaf, subscription, shared?.group)) return false;
    prune(path, levels);
    this.#size -= 1;
    this.#cache.clear();
    return true;
  }

  /** The group of a shared filter. */
  groupOf(filter: string): ShareGroup | undefined {
    const shared = parseShared(filter);
    if (shared === undefined) return undefined;
    let branch: Branch | undefined = this.#root;
    for (const level of shared.filter.split('/')) branch = branch?.children?.get(level);
    return branch?.groups?.get(shared.group);
  }

  /** The targets of a topic. Do not keep or change the array. */
  match(topic: string): readonly Target[] {
    const known = this.#cache.get(topic);
    if (known !== undefined) return known;
    const targets: Target[] = [];
    collect(this.#root, topic.split('/'), 0, targets);
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear();
    this.#cache.set(topic, targets);
    return targets;
  }
}

function childOf(branch: Branch, level: string): Branch {
  branch.children ??= new Map();
  let child = branch.children.get(level);
  if (child === undefined) {
    child = makeBranch();
    branch.children.set(level, child);
  }
  return child;
}

function groupOf(branch: Branch, name: string): ShareGroup {
  branch.groups ??= new Map();
  let group = branch.groups.get(name);
  if (group === undefined) {
    group = new ShareGroup();
    branch.groups.set(name, group);
  }
  return group;
}

function take(leaf: Branch, subscription: Subscription, groupName: string | undefined): boolean {
  if (groupName === undefined) return leaf.single?.delete(subscription) ?? false;
  const group = leaf.groups?.get(groupName);
  if (group === undefined || !group.remove(subscription)) return false;
  if (group.size === 0) leaf.groups?.delete(groupName);
  return true;
}

function prune(path: readonly Branch[], levels: readonly string[]): void {
  for (let depth = levels.length; depth > 0; depth -= 1) {
    const branch = path[depth];
    if (branch === undefined || !isBare(branch)) return;
    path[depth - 1]?.children?.delete(levels[depth - 1] ?? '');
  }
}

function gather(branch: Branch, into: Target[]): void {
  if (branch.single !== undefined) for (const subscription of branch.single) into.push(subscription);
  if (branch.groups !== undefined) for (const group of branch.groups.values()) into.push(group);
}

/** MQTT 5, 4.7.1: `#` also matches its parent; 4.7.2: a leading wildcard does not match `$` topics. */
function collect(branch: Branch, levels: readonly string[], depth: number, into: Target[]): void {
  const level = levels[depth];
  const wild = depth > 0 || !(level?.startsWith('$') ?? false);
  const rest = wild ? branch.children?.get('#') : undefined;
  if (rest !== undefined) gather(rest, into);
  if (level === undefined) {
    gather(branch, into);
    return;
  }
  const exact = branch.children?.get(level);
  if (exact !== undefined) collect(exact, levels, depth + 1, into);
  const any = wild ? branch.children?.get('+') : undefined;
  if (any !== undefined && any !== exact) collect(any, levels, depth + 1, into);
}
