import type { CodeFacts } from './code-facts.ts';

/** Rules while they run. */
export const RULE_CODES: readonly CodeFacts[] = [
  {
    code: 'HB330',
    title: 'A rule acts too often',
    why: 'One rule acted more than 20 times in 10 s. Mostly it is started by what it does itself. It is paused, and what it switched stays as it is.',
    fix: 'Look at its last runs with `hanbus why`; give it `for`, a hysteresis or a `cooldown`, then switch it on.',
    example: 'hanbus why fan_on',
    exit: 1,
  },
  {
    code: 'HB331',
    title: 'Rules work against each other',
    why: 'Two rules switched the same target more than 20 times in 10 s. The newer one is paused.',
    fix: 'Give one of them a condition that excludes the other, then switch it on.',
    example: 'hanbus why hall.lamp',
    exit: 1,
  },
  {
    code: 'HB332',
    title: 'A rule failed',
    why: 'A step of it could not be done: a command was refused or failed, or a value that it needs is unknown. The steps after it were left out. It is told once, until the rule has run well again.',
    fix: 'Look at the step that failed.',
    example: 'hanbus why water',
    exit: 1,
  },
  {
    code: 'HB333',
    title: 'Only a rule can set this scene',
    why: 'A step of the scene needs the rule language: a value that is worked out, a message, a pause until something is true. Commands from outside set plain values only.',
    fix: 'Give the scene plain values, or let a rule do those steps: then: {scene: evening}.',
    example: 'hanbus check',
    exit: 1,
  },
];
