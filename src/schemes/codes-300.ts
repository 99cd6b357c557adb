import type { CodeFacts } from './code-facts.ts';

/** Names of points in rules, bridges and texts. */
export const REFERENCE_CODES: readonly CodeFacts[] = [
  {
    code: 'HB301',
    title: 'There is no such point',
    why: 'A rule or a bridge names a point that its device does not have.',
    fix: 'Check the spelling; `hanbus ls` lists the points.',
    example: 'hanbus ls',
    exit: 78,
  },
  {
    code: 'HB302',
    title: 'A name can be read in two ways',
    why: 'Two parts are a point of an own device, or a device of a node. Here both exist, and hanbus does not choose.',
    fix: 'Write all three parts (node.device.point), or rename the device.',
    example: 'when: kitchen.air.temperature > 25°C',
    exit: 78,
  },
];
