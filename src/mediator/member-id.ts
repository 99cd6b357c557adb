import { createHash } from 'node:crypto';

/** Characters of an id before what tells the member. */
const LONGEST = 48;

/**
 * The id of the command that one member of a group or scene gets, at most 64 characters: always the same for the same
 * command, never that of a member of another one. `which`: `2`, or `1.2` of the first step of a scene.
 */
export function memberId(id: string, which: string): string {
  const begin =
    id.length <= LONGEST ? id : `${id.slice(0, 24)}~${createHash('sha256').update(id).digest('hex').slice(0, 23)}`;
  return `${begin}.${which}`;
}
