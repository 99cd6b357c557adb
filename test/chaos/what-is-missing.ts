import { setTimeout as sleep } from 'node:timers/promises';
import { dial, KEEPER } from './dial.ts';
import { machineMs, type Sent } from './events.ts';
import { commandOf } from './load.ts';
import { readActs, readRecords } from './outside.ts';

/** What a node had accepted before it ended. */
export interface Kept {
  /** By topic. */
  readonly retained: ReadonlyMap<string, string>;
  /** `once` commands that were carried out. */
  readonly once: readonly Sent[];
  /** Records of the outbox, and messages that wait in the lasting session. */
  readonly records: readonly string[];
  readonly jobs: readonly string[];
}

/** A node works when it has carried out a command by then; ms. */
const WORKS_MS = 10_000;
/** What has not come when nothing came for so long will not come; ms. */
const QUIET_MS = 200;
const FINAL = /"st":"(done|expired|failed|rejected|superseded|unknown)"/;

/** What a client sees. */
class View {
  readonly heard = new Set<string>();
  /** Ids of commands with an end. */
  readonly ended = new Set<string>();
  isWorking = false;
  lastAt = machineMs();
  readonly #fresh: string;

  constructor(fresh: string) {
    this.#fresh = fresh;
  }

  hear(topic: string, text: string): void {
    const isAck = topic.endsWith('/$ack');
    if (!(isAck || topic.startsWith('jobs/'))) return;
    this.lastAt = machineMs();
    if (!isAck) this.heard.add(text);
    else if (FINAL.test(text)) this.#answered(JSON.parse(text) as { id: string; st: string });
  }

  #answered({ id, st }: { id: string; st: string }): void {
    this.ended.add(id);
    this.isWorking ||= id.startsWith(this.#fresh) && st === 'done';
  }
}

/**
 * Has the node carry out a new command; throws when it does not. Tells what of `kept` is not there any more, and which
 * commands it has carried out again.
 */
export async function whatIsMissing(folder: string, port: number, kept: Kept): Promise<string> {
  const fresh = `flip ${Math.random()}`;
  const view = new View(fresh);
  const client = await dial(port, KEEPER, (topic, payload) => view.hear(topic, payload.toString()));
  try {
    await client.subscribeAsync(['jobs/#', 'hanbus/chaos/+/+/$ack'], { qos: 1 });
    for (const sent of kept.once) client.publish(...commandOf(sent), { qos: 1 });
    const until = machineMs() + WORKS_MS;
    for (let at = 0; !view.isWorking; at += 1) {
      if (machineMs() > until) throw new Error(`no command was carried out within ${WORKS_MS} ms`);
      const command = JSON.stringify({ id: `${fresh} ${at}`, v: 1e9, mode: 'once', ttl: 1_000 });
      client.publish('hanbus/chaos/dev/p0/$cmd', command, { qos: 1 });
      for (let left = 10; left > 0 && !view.isWorking; left -= 1) await sleep(10);
    }
    const look = () => lookAt(view, folder, kept);
    while (look() !== '' && machineMs() - view.lastAt < QUIET_MS) await sleep(10);
    return look();
  } finally {
    await client.endAsync(true);
  }
}

function lookAt({ heard, ended }: View, folder: string, { retained, once, records, jobs }: Kept): string {
  const { found } = readRecords(folder);
  const acted = new Set(readActs(folder).map(({ value }) => value));
  const counts = {
    'retained messages are missing': [...retained.values()].filter((text) => !heard.has(text)).length,
    'jobs are missing': jobs.filter((text) => !heard.has(text)).length,
    'records are missing': records.filter((id) => !found.has(id)).length,
    'commands were not answered': once.filter(({ id }) => !ended.has(id)).length,
    'once commands acted again': once.filter(({ value }) => acted.has(value)).length,
  };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}
