import type { Bus } from '../bus/bus.ts';
import { isEmpty, type Message, readingOf, textOf } from '../bus/message.ts';
import { jsonIn } from '../schemes/json-text.ts';
import type { RuleBook, Variable } from '../schemes/rules/rule.ts';
import { topics } from '../schemes/topics.ts';
import type { PathAnswer } from '../schemes/why-contracts.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { HomeMap } from './home-map.ts';
import type { LastCommand, LastCommands } from './last-commands.ts';
import { parsePointName, topicsOf } from './point-names.ts';

export interface PointPlace {
  readonly bus: Bus;
  readonly map: HomeMap;
  readonly last: LastCommands;
  readonly book: RuleBook;
  /** From the list of commands. */
  readonly told?: LastCommand | undefined;
}

/** The way of a value: device and driver, policy, last reading, last command, the rules at both ends. */
export function pathOf(full: string, place: PointPlace): PathAnswer {
  const { map, last, book, told } = place;
  const variable = book.variables.find(({ name }) => `home.${name}` === full);
  const spec = map.spec(full) ?? variable;
  const seen = last.of(full);
  // One that is on its way is not in the list yet; one by the command line, a group or a scene was not on the bus.
  const command = seen === undefined || (told !== undefined && told.at >= seen.at) ? told : seen;
  const using = (key: 'reads' | 'writes') =>
    book.rules.filter((rule) => rule[key].includes(full)).map(({ name }) => name);
  return {
    point: full,
    type: spec?.type ?? 'text',
    ...(spec?.unit === undefined ? {} : { unit: spec.unit }),
    ...(variable === undefined ? deviceOf(full, place) : { device: homeDevice(variable) }),
    ...readingAt(full, place),
    ...(command === undefined ? {} : { command }),
    readBy: using('reads'),
    writtenBy: using('writes'),
  };
}

function homeDevice({ counter }: Variable): NonNullable<PathAnswer['device']> {
  const why = counter === undefined ? 'a variable of the scheme' : `counts ${counter.text}`;
  return { name: 'home', kind: 'variable', at: 'home', why };
}

function deviceOf(full: string, { bus }: PointPlace): Pick<PathAnswer, 'device' | 'policy'> {
  const name = parsePointName(full);
  if (name === undefined) return {};
  const { node, device, point } = name;
  const page = jsonAt(bus, topics.deviceMeta(node, device));
  const state = bus.retainedAt(topics.deviceState(node, device));
  const policy = jsonAt(bus, topics.policy(node, device, point));
  const { kind, at, provenance } = page ?? {};
  const why = isRecord(provenance) && typeof provenance.why === 'string' ? { why: provenance.why } : {};
  return {
    device: {
      name: `${node}.${device}`,
      kind: typeof kind === 'string' ? kind : 'unknown',
      at: typeof at === 'string' ? at : 'unknown',
      ...(state === undefined || isEmpty(state) ? {} : { state: textOf(state) }),
      ...why,
    },
    ...(policy === undefined ? {} : { policy: { ...policy } }),
  };
}

function readingAt(full: string, { bus }: PointPlace): Pick<PathAnswer, 'reading'> {
  const names = topicsOf(full);
  if (names === undefined) return {};
  const message =
    firstOf(names.envelope === undefined ? [] : bus.retained(names.envelope)) ?? bus.retainedAt(names.plain);
  if (message === undefined || isEmpty(message)) return {};
  const reading = readingOf(message);
  if (reading === undefined)
    return { reading: { value: textOf(message), text: textOf(message), quality: 'uncertain' } };
  const { value, unit, quality, why, time } = reading;
  const text = `${typeof value === 'boolean' ? (value ? 'on' : 'off') : textOf(plain(message))}${unit === undefined ? '' : ` ${unit}`}`;
  const more = { ...(why === undefined ? {} : { why }), ...(time === undefined ? {} : { time }) };
  return { reading: { value, text, quality, ...more } };
}

/** An envelope as its plain value. */
function plain(message: Message): Message {
  const reading = readingOf(message);
  return reading === undefined ? message : { ...message, payload: { reading, form: 'plain' } };
}

function firstOf(messages: Iterable<Message>): Message | undefined {
  for (const message of messages) return message;
  return undefined;
}

function jsonAt(bus: Bus, topic: string): Readonly<Record<string, unknown>> | undefined {
  const message = bus.retainedAt(topic);
  if (message === undefined || isEmpty(message)) return undefined;
  const parsed = jsonIn(textOf(message));
  return isRecord(parsed) ? parsed : undefined;
}
