import type { Deadband } from '../schemes/policy.ts';
import type { Value } from '../schemes/reading.ts';

/** Dust of binary fractions does not decide: 0.3 - 0.2 is a change of 0.1. */
const DUST = 1e-9;

/** Whether `value` differs enough from what was last published to be told. */
export function isWorthTelling(last: Value, value: Value, deadband: Deadband): boolean {
  if (typeof last !== 'number' || typeof value !== 'number') return !isSame(last, value);
  if (last === value) return false;
  const least = 'absolute' in deadband ? deadband.absolute : (Math.abs(last) * deadband.percent) / 100;
  return Math.abs(value - last) >= least - Math.abs(value) * DUST;
}

function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
