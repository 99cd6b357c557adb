import type { Exception } from './table.ts';

/** Statements that bind servers and that no test of ours can prove. */
export const EXCEPTIONS_5: readonly Exception[] = [];
