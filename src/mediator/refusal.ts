import type { CommandState } from '../schemes/command.ts';

/** Why a command is not carried out: the end of it, with a code to look up and words for a person. */
export interface Refusal {
  readonly st: Extract<CommandState, 'expired' | 'failed' | 'rejected'>;
  readonly code: string;
  readonly why: string;
}

export function rejected(code: string, why: string): Refusal {
  return { st: 'rejected', code, why };
}

export function expired(why: string): Refusal {
  return { st: 'expired', code: 'HB351', why };
}

export function unreachable(why: string): Refusal {
  return { st: 'failed', code: 'HB359', why };
}

/** Tells a refusal from what was wanted. Values of points are never objects with these three members alone. */
export function isRefusal(value: object): value is Refusal {
  return 'st' in value && 'code' in value && 'why' in value;
}

/** Enough of a text from outside to recognise it. */
export function clipped(text: string): string {
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ');
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}
