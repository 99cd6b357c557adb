import type { CodeFacts } from './code-facts.ts';
import { NODE_CODES } from './codes-100.ts';
import { DEVICE_CODES } from './codes-140.ts';
import { CONTROL_CODES } from './codes-150.ts';
import { BROKER_CODES } from './codes-180.ts';
import { SHAPE_CODES } from './codes-200.ts';
import { VALUE_CODES } from './codes-210.ts';
import { POLICY_CODES } from './codes-240.ts';
import { FILE_CODES } from './codes-260.ts';
import { REFERENCE_CODES } from './codes-300.ts';
import { ACTION_CODES } from './codes-310.ts';
import { RULE_CODES } from './codes-330.ts';
import { RULE_RUN_CODES } from './codes-340.ts';
import { COMMAND_CODES } from './codes-350.ts';
import { OUTBOX_CODES } from './codes-370.ts';
import { HISTORY_CODES } from './codes-380.ts';
import { APPLY_CODES } from './codes-390.ts';

/** Every code of hanbus, in order. Code and documentation are compared both ways by a test. */
export const CODES: readonly CodeFacts[] = [
  ...NODE_CODES,
  ...DEVICE_CODES,
  ...CONTROL_CODES,
  ...BROKER_CODES,
  ...SHAPE_CODES,
  ...VALUE_CODES,
  ...POLICY_CODES,
  ...FILE_CODES,
  ...REFERENCE_CODES,
  ...ACTION_CODES,
  ...RULE_CODES,
  ...RULE_RUN_CODES,
  ...COMMAND_CODES,
  ...OUTBOX_CODES,
  ...HISTORY_CODES,
  ...APPLY_CODES,
];

/** The facts of a code, however it is written (`HB204`, `hb204`, `204`); undefined when there is none. */
export function explain(code: string): CodeFacts | undefined {
  const digits = /^(?:hb)?\s*(\d{3})$/i.exec(code.trim())?.[1];
  return digits === undefined ? undefined : CODES.find((facts) => facts.code === `HB${digits}`);
}

/** The exit code of a command that ends with this problem. */
export function exitOf(code: string): number {
  const scheme = /^HB[23]/.test(code) ? 78 : 1;
  return explain(code)?.exit ?? scheme;
}
