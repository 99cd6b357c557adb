import type { Verb } from './verb.ts';

type Loader = () => Promise<{ readonly verb: Verb }>;

/** Every verb, in the order of the alphabet; each is loaded when it is called or explained. */
export const VERBS: Readonly<Record<string, Loader>> = {
  apply: () => import('./verbs/apply.ts'),
  broker: () => import('./verbs/broker.ts'),
  check: () => import('./verbs/check.ts'),
  completion: () => import('./verbs/completion.ts'),
  config: () => import('./verbs/config.ts'),
  credentials: () => import('./verbs/credentials.ts'),
  demo: () => import('./verbs/demo.ts'),
  down: () => import('./verbs/down.ts'),
  explain: () => import('./verbs/explain.ts'),
  fmt: () => import('./verbs/fmt.ts'),
  help: () => import('./verbs/help.ts'),
  history: () => import('./verbs/history.ts'),
  info: () => import('./verbs/info.ts'),
  logs: () => import('./verbs/logs.ts'),
  ls: () => import('./verbs/ls.ts'),
  outbox: () => import('./verbs/outbox.ts'),
  read: () => import('./verbs/read.ts'),
  rule: () => import('./verbs/rule.ts'),
  save: () => import('./verbs/save.ts'),
  scan: () => import('./verbs/scan.ts'),
  schema: () => import('./verbs/schema.ts'),
  set: () => import('./verbs/set.ts'),
  status: () => import('./verbs/status.ts'),
  undo: () => import('./verbs/undo.ts'),
  up: () => import('./verbs/up.ts'),
  watch: () => import('./verbs/watch.ts'),
  why: () => import('./verbs/why.ts'),
};

/** Undefined when there is no such verb. */
export async function loadVerb(name: string): Promise<Verb | undefined> {
  if (!Object.hasOwn(VERBS, name)) return undefined;
  return (await VERBS[name]?.())?.verb;
}

/** All of them, in the order of the alphabet. */
export async function loadVerbs(): Promise<readonly Verb[]> {
  const loaded = await Promise.all(Object.values(VERBS).map((load) => load()));
  return loaded.map(({ verb }) => verb);
}
