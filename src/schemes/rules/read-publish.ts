import { unknownKey } from '../field-problems.ts';
import { isRecord, shortValue, sortOf } from '../yaml-value.ts';
import { argument } from './read-pause.ts';
import { readTemplate } from './read-template.ts';
import { type Scope, tell, within } from './scope.ts';
import type { PayloadSource, Source, Step, Template } from './step.ts';

type Raw = Readonly<Record<string, unknown>>;

const KEYS: readonly string[] = ['json', 'over', 'qos', 'retain', 'text', 'topic', 'value'];
const PAYLOADS: readonly string[] = ['json', 'text', 'value'];

/** `publish: {topic: "a/b", value: on}`; also `text`, `json` with `over: message`, `retain`, `qos`. */
export function readPublish(raw: unknown, scope: Scope): Step | undefined {
  if (!isRecord(raw)) {
    const message = `publish needs a map, not ${sortOf(raw)}`;
    return tell(scope, {
      code: 'HB312',
      message,
      suggestion: 'say topic and value',
      fix: 'publish: {topic: a/b, value: on}',
    });
  }
  for (const key of Object.keys(raw).filter((one) => !KEYS.includes(one))) {
    scope.problems.push(unknownKey(key, KEYS, [...scope.path, key], raw[key]));
  }
  const topic = readTopic(raw.topic, within(scope, 'topic'));
  const payload = readPayload(raw, scope);
  const { qos = 0, retain = false } = raw;
  if (qos !== 0 && qos !== 1 && qos !== 2) {
    return tell(within(scope, 'qos'), { code: 'HB206', message: 'qos is 0, 1 or 2', suggestion: 'write 0, 1 or 2' });
  }
  if (topic === undefined || payload === undefined) return undefined;
  const text = `publish ${shortValue(raw.topic)}`;
  return { do: 'publish', topic, payload, retain: retain === true || retain === 'on', qos, text };
}

function readTopic(raw: unknown, scope: Scope): Template | undefined {
  if (typeof raw !== 'string' || raw === '') {
    return tell(scope, { code: 'HB312', message: '"topic" is missing in publish', suggestion: 'as in topic: a/b' });
  }
  const wild = raw.search(/[+#\p{Cc}]/u);
  const message =
    wild >= 0 ? 'a message goes to one topic, without + and #' : 'topics of hanbus and the broker are not published to';
  if (wild >= 0) return tell(scope, { within: [wild, wild + 1], code: 'HB312', message, suggestion: 'name one topic' });
  if (/^(?:hanbus\/|\$)/.test(raw)) {
    return tell(scope, { code: 'HB312', message, suggestion: 'a point is set as a target', ...targetFix(raw) });
  }
  return readTemplate(raw, scope);
}

/** `hanbus/kitchen/lamp/state/set` is `kitchen.lamp.state`. */
function targetFix(topic: string): { fix?: string } {
  const name = /^hanbus\/(\w+)\/(\w+)\/(\w+)\/(?:set|\$cmd)$/.exec(topic);
  return name === null ? {} : { fix: `${name.slice(1).join('.')}:` };
}

function readPayload(raw: Raw, scope: Scope): PayloadSource | undefined {
  const given = PAYLOADS.filter((key) => raw[key] !== undefined);
  const [key] = given;
  if (key === undefined || given.length > 1) {
    const message = key === undefined ? 'publish says nothing' : `publish says it twice: ${given.join(' and ')}`;
    return tell(scope, { code: 'HB312', message, suggestion: 'give one of value, text, json' });
  }
  if (key === 'json') return readJson(raw.json, raw.over, scope);
  if (raw.over !== undefined) {
    const message = 'only json can be put over the message';
    tell(within(scope, 'over'), { code: 'HB312', message, suggestion: 'write the members under json:' });
  }
  const value = argument(raw[key], within(scope, key));
  return value === undefined ? undefined : { form: 'value', value };
}

function readJson(raw: unknown, over: unknown, scope: Scope): PayloadSource | undefined {
  if (!isRecord(raw)) {
    const message = `json needs a map, not ${sortOf(raw)}`;
    return tell(within(scope, 'json'), { code: 'HB312', message, suggestion: 'as in json: {state: on}' });
  }
  if (over !== undefined && over !== 'message') {
    const message = 'the members can only be put over the message';
    tell(within(scope, 'over'), { code: 'HB312', message, suggestion: 'write over: message', fix: 'over: message' });
  }
  const members: (readonly [string, Source])[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const source = argument(value, within(scope, 'json', key));
    if (source !== undefined) members.push([key, source]);
  }
  if (members.length < Object.keys(raw).length) return undefined;
  return { form: 'json', members: Object.fromEntries(members), over: over === 'message' };
}
