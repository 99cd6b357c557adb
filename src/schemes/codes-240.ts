import type { CodeFacts } from './code-facts.ts';

/** Filters and publish policy. */
export const POLICY_CODES: readonly CodeFacts[] = [];
