import type { Clock } from '../kit/clock.ts';
import { HanbusError } from '../kit/errors.ts';
import type { ControlError, ControlResponse } from '../schemes/control.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { topics } from '../schemes/topics.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { Bus } from './bus.ts';
import { type Message, type Origin, textOf } from './message.ts';

export interface RequestOptions {
  readonly clock: Clock;
  readonly origin: Origin;
  /** Default 5 s. */
  readonly timeoutMs?: number;
}

export interface Question {
  readonly node: string;
  readonly verb: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Asks a node and waits for its answer. Throws HanbusError with the code of the answer, or HB154 without one. */
export function request(bus: Bus, question: Question, options: RequestOptions): Promise<unknown> {
  const { node, verb, args = {} } = question;
  const { clock, origin, timeoutMs = 5_000 } = options;
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancel();
      unsubscribe();
    };
    const cancel = clock.after(timeoutMs, () => {
      end();
      const fix = 'hanbus status';
      reject(new HanbusError('HB154', `${node} did not answer "${verb}" within ${timeoutMs} ms`, { fix }));
    });
    const hear = (message: Message): void => {
      const response = responseFor(id, message);
      if (response === undefined) return;
      end();
      if (response.ok) resolve(response.result);
      else reject(errorOf(response.error));
    };
    const unsubscribe = bus.subscribe(topics.response(node, verb), hear, { origin });
    bus.publish({ topic: topics.request(node, verb), payload: JSON.stringify({ ...args, id }), origin });
  });
}

function errorOf({ code, message, fix }: ControlError): HanbusError {
  return new HanbusError(code, message, fix === undefined ? {} : { fix });
}

/** The answer in a message when it is the one to this id; a foreign or broken one is somebody else's. */
function responseFor(id: string, message: Message): ControlResponse | undefined {
  const text = textOf(message);
  if (!text.includes(id)) return undefined;
  const parsed = jsonIn(text);
  if (!isRecord(parsed) || parsed.id !== id) return undefined;
  if (parsed.ok === true) return { id, ok: true, result: parsed.result };
  return { id, ok: false, error: parseError(parsed.error) };
}

function parseError(error: unknown): ControlError {
  if (!isRecord(error)) return { code: 'HB100', message: 'the answer has no error that can be read' };
  const { code, message, fix } = error;
  return {
    code: typeof code === 'string' ? code : 'HB100',
    message: typeof message === 'string' ? message : 'no message',
    ...(typeof fix === 'string' ? { fix } : {}),
  };
}
