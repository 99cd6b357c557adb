import type { Rule } from '../schemes/rules/rule.ts';

/** A rule that publishes one message, waits for nothing and leaves nothing behind that a restart must know. */
export function isQuick({ then, else: otherwise, cooldownMs }: Rule): boolean {
  return then.length === 1 && then[0]?.do === 'publish' && otherwise.length === 0 && cooldownMs === 0;
}
