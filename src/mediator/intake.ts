import type { Bus } from '../bus/bus.ts';
import { isEmpty, type Message, textOf } from '../bus/message.ts';
import type { Log } from '../kit/log.ts';
import { isName } from '../schemes/names.ts';
import { parseTopic, topics } from '../schemes/topics.ts';
import type { PacketBook } from './packet-book.ts';
import { LONGEST_PAYLOAD, readCommand, type Wish } from './read-command.ts';
import { clipped, isRefusal, type Refusal, rejected } from './refusal.ts';
import type { Submission } from './submission.ts';
import { whatOf } from './what-of.ts';

export interface IntakeWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: string;
  readonly log: Log;
  readonly packets: PacketBook;
  readonly freshId: () => string;
  /** A command to a point, or to a group or scene (`device` is `$group` or `$scene`). */
  readonly submit: (submission: Submission) => void;
  readonly refuse: (submission: Submission, refusal: Refusal) => void;
}

const TARGETS = new Set(['$group', '$scene']);

/** Takes `.../set` and `.../$cmd` off the bus until the returned function is called. */
export function openIntake(world: IntakeWorld): () => void {
  const { bus, node, origin } = world;
  const filters = [topics.everySet(node), topics.everyCommand(node)];
  for (const filter of filters) for (const message of [...bus.retained(filter)]) clear(world, message);
  const ends = filters.map((filter) => bus.subscribe(filter, (message) => hear(world, message), { origin }));
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

function hear(world: IntakeWorld, message: Message): void {
  const [device = '', point = '', last] = parseTopic(message.topic)?.rest ?? [];
  if (!isName(point) || !(isName(device) || TARGETS.has(device))) return;
  if (message.retain && isEmpty(message)) return; // clears a retained one: no command
  const text = lengthOf(message) > LONGEST_PAYLOAD ? undefined : textOf(message);
  const wish = readWish(text, last === '$cmd');
  const submission = submissionOf(world, message, { device, point, wish: isRefusal(wish) ? { v: text } : wish });
  if (message.retain) {
    clear(world, message);
    world.refuse(submission, rejected('HB350', 'it is retained: it would run again at every start'));
  } else if (isRefusal(wish)) world.refuse(submission, wish);
  else world.submit(submission);
}

function lengthOf({ payload, payloadLength }: Message): number {
  if (payloadLength !== undefined) return payloadLength;
  return typeof payload === 'string' || payload instanceof Uint8Array ? payload.length : 0;
}

function readWish(text: string | undefined, isJson: boolean): Wish | Refusal {
  if (text === undefined) return rejected('HB353', `it is longer than ${LONGEST_PAYLOAD} characters`);
  return isJson ? readCommand(text) : { v: text };
}

interface Parts {
  readonly device: string;
  readonly point: string;
  readonly wish: Wish;
}

function submissionOf(world: IntakeWorld, message: Message, { device, point, wish }: Parts): Submission {
  const { freshId, packets } = world;
  const { origin, props, qos, packet } = message;
  const key = packet === undefined ? undefined : `${origin}#${packet.id}`;
  const what = whatOf({ device, point, wish });
  const before = packet?.dup === true && key !== undefined ? packets.find(key, what) : undefined;
  const id = wish.id ?? before ?? freshId();
  if (key !== undefined && before === undefined) packets.keep(key, { id, what });
  return {
    ...{ id, isNamed: wish.id !== undefined, device, point, wish, origin, kind: 'command' as const },
    ...(props?.responseTopic !== undefined && { reply: { props, qos } }),
    ...(key !== undefined && { packet: key, isAgain: packet?.dup === true }),
    ...(props?.expiresAt !== undefined && { expiresAt: props.expiresAt }),
  };
}

/** A retained command acts at each start of whoever hears it: it is taken off the bus. */
function clear({ bus, log, origin }: IntakeWorld, { topic, origin: by }: Message): void {
  log.warn('a retained command was refused and removed', { code: 'HB350', topic: clipped(topic), from: by });
  bus.publish({ topic, payload: '', retain: true, origin });
}
