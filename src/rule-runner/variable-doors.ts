import type { Bus } from '../bus/bus.ts';
import { isEmpty, type Message, textOf } from '../bus/message.ts';
import type { Log } from '../kit/log.ts';
import type { CommandAck } from '../schemes/command.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { topics } from '../schemes/topics.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { Granted, HomeVariables } from './home-variables.ts';
import { ORIGIN } from './origin.ts';

export interface VariableDoorsOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly variables: HomeVariables;
}

/** Longest `$cmd`, characters. */
const LONGEST = 8_192;

/** Takes `hanbus/home/<variable>/set` and `$cmd`, answers on `$ack`, until the returned function is called. */
export function serveVariables({ bus, log, variables }: VariableDoorsOptions): () => void {
  const take = (message: Message, wish: (text: string) => { id: string; value: unknown; by: string } | undefined) => {
    if (message.retain && isEmpty(message)) return;
    const name = message.topic.split('/')[2] ?? '';
    const text = textOf(message);
    const asked = text.length > LONGEST ? undefined : wish(text);
    const { id, value, by } = asked ?? { id: crypto.randomUUID(), value: undefined, by: message.origin };
    const granted =
      asked === undefined ? unreadable(name) : (retained(bus, message) ?? variables.set({ name, value, by }));
    if (granted.state === 'rejected') {
      const { code, why } = granted;
      log.warn('a variable of the home was not set', { code, variable: name.slice(0, 64), by, why });
    }
    bus.publish({ topic: topics.variableAck(name), payload: JSON.stringify(ackOf(id, granted)), origin: ORIGIN });
  };
  const plain = (message: Message) =>
    take(message, (text) => ({ id: crypto.randomUUID(), value: text, by: message.origin }));
  const command = (message: Message) => take(message, (text) => wishIn(text, message.origin));
  const ends = [
    bus.subscribe(topics.everyVariableSet(), plain, { origin: ORIGIN }),
    bus.subscribe(topics.everyVariableCommand(), command, { origin: ORIGIN }),
  ];
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

function wishIn(text: string, origin: string): { id: string; value: unknown; by: string } | undefined {
  const parsed = jsonIn(text);
  if (!isRecord(parsed) || parsed.v === undefined) return undefined;
  const { id, v, by } = parsed;
  const isId = typeof id === 'string' && id.length <= 64;
  return { id: isId ? id : crypto.randomUUID(), value: v, by: typeof by === 'string' ? by.slice(0, 64) : origin };
}

function unreadable(name: string): Granted {
  return { state: 'rejected', code: 'HB343', why: `home.${name} is not set: the command is no JSON with a "v"` };
}

/** A wish that is kept would come back at each start: it is refused and taken off the bus. */
function retained(bus: Bus, { retain, topic }: Message): Granted | undefined {
  if (!retain) return undefined;
  bus.publish({ topic, payload: '', retain: true, origin: ORIGIN });
  return { state: 'rejected', code: 'HB344', why: 'a retained wish is refused: it would come back at each start' };
}

function ackOf(id: string, granted: Granted): CommandAck {
  if (granted.state === 'done') return { id, st: 'done', v: granted.value };
  return { id, st: 'rejected', code: granted.code, why: granted.why };
}
