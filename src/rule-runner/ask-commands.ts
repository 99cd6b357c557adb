import type { Bus } from '../bus/bus.ts';
import { textOf } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import { FINAL_STATES } from '../schemes/command.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { plainText } from '../schemes/reading.ts';
import { topics } from '../schemes/topics.ts';
import { isRecord, shortValue } from '../schemes/yaml-value.ts';
import type { LastCommand } from './last-commands.ts';
import { ORIGIN } from './origin.ts';

export interface AskCommands {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
}

/** `why` is not kept waiting by who keeps the list of commands; ms. */
const PATIENCE_MS = 1_000;

/** The last command of a point in the list of commands, whoever gave it; undefined: there is none, or nobody answers. */
export async function askLastCommand(
  { bus, node, clock }: AskCommands,
  point: string,
): Promise<LastCommand | undefined> {
  const id = crypto.randomUUID();
  const { promise, resolve } = Promise.withResolvers<LastCommand | undefined>();
  const cancel = clock.after(PATIENCE_MS, () => resolve(undefined));
  const end = bus.subscribe(
    topics.response(node, 'commands'),
    (message) => {
      const answer = jsonIn(textOf(message));
      if (isRecord(answer) && answer.id === id) resolve(firstIn(answer.result));
    },
    { origin: ORIGIN },
  );
  bus.publish({
    topic: topics.request(node, 'commands'),
    payload: JSON.stringify({ id, point, limit: 1 }),
    origin: ORIGIN,
  });
  try {
    return await promise;
  } finally {
    cancel();
    end();
  }
}

function firstIn(result: unknown): LastCommand | undefined {
  const rows: unknown = isRecord(result) ? result.commands : undefined;
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  if (!isRecord(row) || typeof row.by !== 'string' || typeof row.at !== 'number') return undefined;
  const { id, value, by, at, st, why } = row;
  const state = FINAL_STATES.find((one) => one === st);
  return {
    ...(typeof id === 'string' ? { id } : {}),
    value: typeof value === 'boolean' ? plainText(value) : shortValue(value),
    ...{ by, at },
    ...(state === undefined ? {} : { state }),
    ...(typeof why === 'string' ? { why } : {}),
  };
}
