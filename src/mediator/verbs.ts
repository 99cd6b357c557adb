import type { Verb } from '../bus/requests.ts';
import { HanbusError } from '../kit/errors.ts';
import type { CommandsAnswer } from '../schemes/command-contracts.ts';
import { makeSetVerb, type SetVerbWorld } from './set-verb.ts';
import { TRAIL_ROWS, type Trail } from './trail.ts';

/** The verbs that the mediator answers. */
export const MEDIATOR_VERBS = ['commands', 'set'] as const;

const USUAL_ROWS = 50;

export function mediatorVerbs(
  world: SetVerbWorld,
  trail: Trail,
): Readonly<Record<(typeof MEDIATOR_VERBS)[number], Verb>> {
  const { node } = world;
  return {
    set: makeSetVerb(world),
    async commands({ point, limit = USUAL_ROWS }): Promise<CommandsAnswer> {
      if (point !== undefined && typeof point !== 'string') throw bad('point', 'a text', '{"point":"pump.state"}');
      if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > TRAIL_ROWS) {
        throw bad('limit', `a whole number of 1 to ${TRAIL_ROWS}`, '{"limit":50}');
      }
      return { hanbus: 'commands/1', node, commands: trail.list(localName(point, node), limit) };
    },
  };
}

function localName(point: string | undefined, node: string): string | undefined {
  const plain = point?.replaceAll('/', '.');
  return plain?.startsWith(`${node}.`) === true ? plain.slice(node.length + 1) : plain;
}

function bad(name: string, wanted: string, example: string): HanbusError {
  return new HanbusError('HB158', `"${name}" must be ${wanted}`, { fix: example });
}
