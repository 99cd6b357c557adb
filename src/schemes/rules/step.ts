import type { CommandMode } from '../command.ts';
import type { Value } from '../reading.ts';
import type { Term, Test } from './test.ts';

/** Text with points in it: pieces of text and terms in turn. */
export type Template = readonly (
  | string
  | { readonly term: Term; readonly decimals?: number; readonly unit?: string }
)[];

/** Where the value of an action comes from. */
export type Source =
  | { readonly from: 'const'; readonly value: Value }
  | { readonly from: 'term'; readonly term: Term }
  | { readonly from: 'text'; readonly template: Template }
  /** The opposite of what the point is now; unknown counts as off. */
  | { readonly from: 'toggle' };

/** What a rule does; a list of steps runs in order, each waits for the outcome of the one before. */
export type Step =
  | {
      readonly do: 'set';
      /** Full names; a group is written out. All at once. */
      readonly targets: readonly string[];
      readonly value: Source;
      /** Back to rest after so long; a later timed set of the same point replaces the timer. */
      readonly forMs?: number;
      readonly ttlMs?: number;
      readonly mode?: CommandMode;
      readonly text: string;
    }
  | { readonly do: 'variable'; readonly variable: string; readonly value: Source; readonly text: string }
  | { readonly do: 'wait'; readonly ms: number; readonly text: string }
  /** Until the test is true; after `timeoutMs` the rest of the list is left out, or goes on with `goesOn`. */
  | {
      readonly do: 'waitFor';
      readonly test: Test;
      readonly timeoutMs: number;
      readonly goesOn: boolean;
      readonly text: string;
    }
  | { readonly do: 'parallel'; readonly branches: readonly (readonly Step[])[]; readonly text: string }
  | { readonly do: 'scene'; readonly scene: string; readonly text: string }
  | {
      readonly do: 'publish';
      readonly topic: Template;
      /** A text, or an object: members are put over those of the message that started the rule when `over`. */
      readonly payload: PayloadSource;
      readonly retain: boolean;
      readonly qos: 0 | 1 | 2;
      readonly text: string;
    }
  /** Calls a service of the gateway: `mail`, `weather`. */
  | {
      readonly do: 'service';
      readonly service: string;
      readonly args: Readonly<Record<string, Source>>;
      readonly text: string;
    }
  | { readonly do: 'rule'; readonly rule: string; readonly on: boolean; readonly text: string };

export type PayloadSource =
  | { readonly form: 'value'; readonly value: Source }
  | { readonly form: 'json'; readonly members: Readonly<Record<string, Source>>; readonly over: boolean };
