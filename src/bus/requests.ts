import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { CommandAck } from '../schemes/command.ts';
import type { ControlError, ControlResponse } from '../schemes/control.ts';
import { isNestedDeeper } from '../schemes/json-depth.ts';
import { DEEPEST_JSON } from '../schemes/json-text.ts';
import { ROOT, topics } from '../schemes/topics.ts';
import type { Bus } from './bus.ts';
import { isEmpty, type Message, type Origin, textOf } from './message.ts';

/** Who asked, and how the answer will be recognised. */
export interface RequestMeta {
  readonly verb: string;
  readonly id?: string;
  readonly origin: Origin;
  /** It may be one that came before: a packet that an MQTT client sent again. */
  readonly isAgain?: boolean;
  /** Wall ms: MQTT 5 message expiry. */
  readonly expiresAt?: number;
}

/** Answers one verb: the result, or an error that is thrown. `args` is the JSON object of the request. */
export type Verb = (args: Readonly<Record<string, unknown>>, meta: RequestMeta) => Promise<unknown>;

export interface ServeOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: Origin;
  readonly verbs: Readonly<Record<string, Verb>>;
  readonly log: Log;
  /**
   * Verbs that other services of this node answer. Given by just one service of a node, which then refuses (HB151) what
   * nobody answers; without it, verbs of others are left alone.
   */
  readonly othersAnswer?: readonly string[];
}

const LARGEST = 65_536;

/** Answers `hanbus/<node>/$req/<verb>` on `$res/<verb>` and on the response topic asked for, until the stop is called. */
export function serveRequests(options: ServeOptions): () => void {
  const { bus, node, origin, verbs, othersAnswer } = options;
  const lost = (error: unknown) => void controlErrorOf(error, options.log);
  const serve = async (message: Message): Promise<void> => {
    const verb = message.topic.slice(message.topic.lastIndexOf('/') + 1);
    const known = Object.hasOwn(verbs, verb);
    if ((message.retain && isEmpty(message)) || (!known && (othersAnswer === undefined || othersAnswer.includes(verb))))
      return;
    const response = await answer(message, verb, options);
    respond(bus, { message, response, origin, topic: topics.response(node, verb) });
  };
  return bus.subscribe(topics.everyRequest(node), (message) => void serve(message).catch(lost), { origin });
}

async function answer(message: Message, verb: string, options: ServeOptions): Promise<ControlResponse> {
  let id: string | undefined;
  try {
    const args = parseRequest(message);
    id = idOf(args);
    refuseRetained(message, options);
    const run = Object.hasOwn(options.verbs, verb) ? options.verbs[verb] : undefined;
    if (run === undefined) throw unknownVerb(verb, options);
    const result = await run(args, metaOf(message, verb, id));
    return { ...(id === undefined ? {} : { id }), ok: true, result };
  } catch (error) {
    return { ...(id === undefined ? {} : { id }), ok: false, error: controlErrorOf(error, options.log) };
  }
}

function metaOf({ origin, packet, props }: Message, verb: string, id: string | undefined): RequestMeta {
  return {
    ...{ verb, origin },
    ...(id !== undefined && { id }),
    ...(packet?.dup === true && { isAgain: true }),
    ...(props?.expiresAt !== undefined && { expiresAt: props.expiresAt }),
  };
}

/** Thrown errors as answers; what is not ours is a bug and is logged with its stack. */
export function controlErrorOf(error: unknown, log: Log): ControlError {
  if (error instanceof HanbusError) {
    const { code, message, fix } = error;
    return { code, message, ...(fix === undefined ? {} : { fix }) };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  log.error('a request failed by a bug', { code: 'HB100', reason: reasonOf(error), stack });
  return { code: 'HB100', message: `hanbus could not answer: ${reasonOf(error)}`, fix: 'hanbus logs --level error' };
}

export interface Respond {
  /** The request. */
  readonly message: Pick<Message, 'props' | 'qos'>;
  readonly response: CommandAck | ControlResponse;
  readonly origin: Origin;
  /** Where the answer goes in any case. */
  readonly topic: string;
}

/** Publishes an answer, also on the MQTT 5 response topic of the request with its correlation data. */
export function respond(bus: Bus, { message, response, origin, topic }: Respond): void {
  const payload = JSON.stringify(response);
  const { responseTopic, correlationData } = message.props ?? {};
  const props = { contentType: 'application/json', ...(correlationData === undefined ? {} : { correlationData }) };
  bus.publish({ topic, payload, origin, props, qos: message.qos });
  if (responseTopic === undefined || responseTopic === topic || !isHarmless(responseTopic)) return;
  bus.publish({ topic: responseTopic, payload, origin, props, qos: message.qos });
}

/** A node must not be talked into writing, with its own rights, where the asker may not: only outside of hanbus. */
function isHarmless(topic: string): boolean {
  if (topic === '' || topic.startsWith('$') || /[+#\0]/.test(topic)) return false;
  return topic.split('/')[0] !== ROOT;
}

function parseRequest(message: Message): Readonly<Record<string, unknown>> {
  const text = textOf(message);
  if (text.trim() === '') return {};
  if (text.length > LARGEST)
    throw new HanbusError('HB158', `the request is longer than ${LARGEST} characters`, { fix: 'ask for less at once' });
  if (isNestedDeeper(text, DEEPEST_JSON))
    throw new HanbusError('HB158', `the request is nested deeper than ${DEEPEST_JSON} levels`, {
      fix: 'write a flat object',
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new HanbusError('HB158', `the request is not JSON: ${reasonOf(error)}`, {
      fix: `write a JSON object, such as {"id":"1"}`,
      cause: error,
    });
  }
  if (!isRecord(parsed))
    throw new HanbusError('HB158', 'the request is not a JSON object', { fix: `write {...}, such as {"id":"1"}` });
  return parsed;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idOf({ id }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof id === 'string') return id;
  return typeof id === 'number' ? String(id) : undefined;
}

/** A retained request would run again at each start: it is refused and taken off the bus. */
function refuseRetained(message: Message, { bus, origin }: ServeOptions): void {
  if (!message.retain) return;
  bus.publish({ topic: message.topic, payload: '', retain: true, origin });
  throw new HanbusError('HB161', 'a retained request is refused: it would run again later', {
    fix: 'send it without the retain flag',
  });
}

function unknownVerb(verb: string, { verbs, othersAnswer = [] }: ServeOptions): HanbusError {
  const known = [...Object.keys(verbs), ...othersAnswer].sort().join(', ');
  return new HanbusError('HB151', `no verb "${verb}"; there are ${known}`, { fix: 'hanbus help' });
}
