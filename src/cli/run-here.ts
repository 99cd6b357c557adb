import { type UpFacts, upLines } from './up-screen.ts';
import type { RunningNode, StartOptions, UpSummary } from './up-world.ts';
import type { Call } from './verb.ts';

/** A signal that comes so soon after the first is the same one: npm passes Ctrl-C on to a process that has it already. */
const SAME_SIGNAL_MS = 1_000;
const FORCED = 130;

/**
 * Starts a node in this process, shows what it found, with the facts that `tell` adds, and stays until it has stopped.
 * Answers with the exit code.
 */
export async function runHere(
  call: Call,
  options: StartOptions,
  tell: (summary: UpSummary) => UpFacts | Promise<UpFacts>,
): Promise<number> {
  const { world, screen, globals } = call;
  const ctrlC = stopOnSignal(call);
  try {
    const node = await Promise.race([world.node.start(options), ctrlC.forced]);
    if (typeof node === 'number') return node;
    ctrlC.attach(node);
    const summary = await Promise.race([node.summary(), node.stopped, ctrlC.forced]);
    if (typeof summary === 'object' && globals.json) screen.json(summary.status);
    if (typeof summary === 'object' && !globals.json && !ctrlC.asked()) {
      for (const line of upLines(summary, screen, await tell(summary))) screen.out(line);
    }
    return await Promise.race([node.stopped, ctrlC.forced]);
  } finally {
    ctrlC.release();
  }
}

/**
 * The first signal stops the node, also one that is still starting; one within a second of it is ignored, a later one
 * ends at once.
 */
function stopOnSignal({ world, screen }: Call) {
  const { clock } = world;
  let force: (code: number) => void = () => undefined;
  const forced = new Promise<number>((resolve) => {
    force = resolve;
  });
  let node: RunningNode | undefined;
  let askedAt: number | undefined;
  const release = world.onSignal(() => {
    if (askedAt === undefined) {
      askedAt = clock.mono();
      screen.note('Stopping ...');
      void node?.stop();
    } else if (clock.mono() - askedAt >= SAME_SIGNAL_MS) force(FORCED);
  });
  return {
    forced,
    release,
    asked: () => askedAt !== undefined,
    attach(started: RunningNode) {
      node = started;
      if (askedAt !== undefined) void started.stop();
    },
  };
}
