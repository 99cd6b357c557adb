import { plainText } from '../schemes/reading.ts';
import type { PayloadSource } from '../schemes/rules/step.ts';
import type { WritePayload } from './compile-kit.ts';
import type { Evaluate } from './compile-term.ts';
import type { Machine } from './machine.ts';
import { jsonOf } from './message.ts';
import type { Now } from './now.ts';
import { evaluatorOfSource, LONGEST_TEXT } from './values.ts';

export function payloadOf(source: PayloadSource, machine: Machine): string | undefined {
  return writerOf(source, machine)();
}

/** Compiled when it is first asked for. */
export function writerOf(source: PayloadSource, machine: Machine): WritePayload {
  let write = machine.payloads.get(source);
  if (write === undefined) {
    write = machine.kit.writers.take(source, () => compile(source, machine));
    machine.payloads.set(source, write);
  }
  return write;
}

function compile(source: PayloadSource, machine: Machine): WritePayload {
  if (source.form === 'value') {
    const evaluate = evaluatorOfSource(source.value, machine);
    return () => {
      const value = evaluate();
      return value === undefined ? undefined : plainText(value);
    };
  }
  const { now } = machine.kit;
  const members = Object.entries(source.members).map(
    ([name, inner]): Member => ({
      name,
      evaluate: evaluatorOfSource(inner, machine),
    }),
  );
  return source.over ? () => writeOver(membersOfMessage(now), members) : () => writeOver({}, members);
}

interface Member {
  readonly name: string;
  readonly evaluate: Evaluate;
}

/** A member that the message has too keeps its place. */
function writeOver(below: object, members: readonly Member[]): string | undefined {
  const all: Record<string, unknown> = { ...below };
  for (let index = 0; index < members.length; index += 1) {
    const member = members[index];
    const value = member?.evaluate();
    if (member === undefined || value === undefined) return undefined;
    if (member.name === '__proto__') define(all, member.name, value);
    else all[member.name] = value;
  }
  const text = JSON.stringify(all);
  return text.length > LONGEST_TEXT ? undefined : text;
}

/** A name like any other here. */
function define(all: object, name: string, value: unknown): void {
  Object.defineProperty(all, name, { value, enumerable: true, configurable: true, writable: true });
}

/** What is no JSON object has no members to keep. */
function membersOfMessage({ message }: Now): object {
  const json = message === undefined ? undefined : jsonOf(message);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
