import { plainText } from '../schemes/reading.ts';
import type { PayloadSource } from '../schemes/rules/step.ts';
import type { Machine } from './machine.ts';
import { jsonOf } from './message.ts';
import { valueOfSource } from './values.ts';

/** The payload of a message; undefined: a value of it is unknown. */
export function payloadOf(source: PayloadSource, machine: Machine): string | undefined {
  if (source.form === 'value') {
    const value = valueOfSource(source.value, machine);
    return value === undefined ? undefined : plainText(value);
  }
  const members: [string, unknown][] = source.over ? Object.entries(membersOfMessage(machine)) : [];
  for (const [name, inner] of Object.entries(source.members)) {
    const value = valueOfSource(inner, machine);
    if (value === undefined) return undefined;
    members.push([name, value]);
  }
  return JSON.stringify(Object.fromEntries(members));
}

/** What is no JSON object has no members to keep. */
function membersOfMessage({ kit: { now } }: Machine): object {
  const json = now.message === undefined ? undefined : jsonOf(now.message);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
