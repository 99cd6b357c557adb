/** From one number to another. */
export interface Edge {
  readonly to: number;
}

/** Strongly connected parts with a way back, by Tarjan's algorithm; without recursion, as circles can be long. */
export function circlesOf(size: number, links: ReadonlyMap<number, readonly Edge[]>): readonly (readonly number[])[] {
  const state = { order: new Array<number>(size).fill(-1), low: new Array<number>(size).fill(0), next: 0 };
  const stack: number[] = [];
  const onStack = new Set<number>();
  const found: number[][] = [];
  for (const root of links.keys()) if (state.order[root] === -1) visit(root);
  return found.filter(
    ([first = -1, second]) => second !== undefined || links.get(first)?.some(({ to }) => to === first),
  );

  function visit(root: number): void {
    const trail: { at: number; next: number }[] = [];
    enter(root, trail);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const link = links.get(top.at)?.[top.next];
      top.next += 1;
      if (link === undefined) leave(top.at, trail);
      else if (state.order[link.to] === -1) enter(link.to, trail);
      else if (onStack.has(link.to)) lower(top.at, state.order[link.to] ?? 0);
    }
  }

  function enter(at: number, trail: { at: number; next: number }[]): void {
    state.order[at] = state.next;
    state.low[at] = state.next;
    state.next += 1;
    stack.push(at);
    onStack.add(at);
    trail.push({ at, next: 0 });
  }

  function lower(at: number, to: number): void {
    state.low[at] = Math.min(state.low[at] ?? 0, to);
  }

  function leave(at: number, trail: { at: number; next: number }[]): void {
    trail.pop();
    const below = trail.at(-1);
    if (below !== undefined) lower(below.at, state.low[at] ?? 0);
    if (state.low[at] === state.order[at]) found.push(stack.splice(stack.indexOf(at)));
    for (const member of found.at(-1) ?? []) onStack.delete(member);
  }
}
