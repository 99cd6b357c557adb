import Type from 'typebox';
import { ProblemJson } from './problem-json.ts';

/** What `scheme`, `apply`, `confirm` and `revert` answer; the rules are those of `contracts.ts`. */
const optional = Type.Optional;
const open = { additionalProperties: true };
const about = (description: string) => ({ ...open, description });
const Time = Type.Integer({ description: 'ms since 1970' });
const Count = Type.Integer({ minimum: 0 });
const Etag = Type.String({ description: 'of the texts: what two editors compare' });
const Texts = Type.Array(Type.String());
const Path = Type.String({ description: 'from the folder of the main file' });

const VersionJson = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    etag: Etag,
    at: Time,
    source: Type.Enum(['apply', 'file', 'undo']),
    who: Type.String({ description: 'empty where the node cannot know' }),
    files: Texts,
    bytes: Count,
    of: optional(Type.Integer({ description: 'the version that an undo brought back' })),
    takenBack: optional(Type.Boolean({ description: 'it was tried and not kept' })),
    broken: optional(Type.Boolean({ description: 'it had errors and never ran' })),
  },
  open,
);

const TrialEndJson = Type.Object(
  {
    etag: Etag,
    outcome: Type.Enum(['confirmed', 'edited', 'reverted']),
    at: Time,
    why: Type.String(),
  },
  open,
);

export const SchemeJson = Type.Object(
  {
    hanbus: Type.Literal('scheme/1'),
    node: Type.String(),
    main: Type.String({ description: 'absolute path of the main file' }),
    etag: Etag,
    running: Type.String({ description: 'etag of what runs; another one when the files have errors' }),
    files: Type.Array(
      Type.Object(
        {
          path: Path,
          bytes: Count,
          text: optional(Type.String()),
          hidden: optional(Type.String({ description: 'why the text is not told' })),
        },
        open,
      ),
      { description: 'as they are now, or of the version asked for' },
    ),
    versions: Type.Array(VersionJson, { description: 'oldest first; without those that were pushed out' }),
    version: optional(Type.Integer({ description: 'number of the version whose files these are' })),
    trial: optional(
      Type.Object(
        { etag: Etag, who: Type.String(), at: Time, leftMs: Count },
        about('what waits for its confirmation'),
      ),
    ),
    ended: optional(TrialEndJson),
  },
  about('`scheme`: the files of the scheme and its versions.'),
);

const DifferenceJson = Type.Object(
  { added: Texts, changed: Texts, removed: Texts, unchanged: Count },
  about('names; how many go on untouched'),
);

export const ApplyJson = Type.Object(
  {
    hanbus: Type.Literal('apply/1'),
    node: Type.String(),
    ok: Type.Boolean({ description: 'false when errors refused it; then nothing has changed' }),
    etag: Etag,
    dryRun: Type.Boolean(),
    files: Type.Array(Path, { description: 'those that get another text' }),
    problems: Type.Array(ProblemJson),
    changes: optional(
      Type.Object(
        {
          ...{ devices: DifferenceJson, rules: DifferenceJson, scenes: DifferenceJson, groups: DifferenceJson },
          home: DifferenceJson,
          parts: Type.Array(Type.String(), { description: 'other top keys that differ, as in broker' }),
        },
        about('what it means for the home; absent when the scheme has errors'),
      ),
    ),
    version: optional(VersionJson),
    confirmWithinMs: optional(Type.Integer({ description: 'it is on trial for so long' })),
    kept: optional(Type.Boolean({ description: 'false when the disk refuses to remember a trial or a version' })),
    ended: optional(TrialEndJson),
    saved: optional(Type.Array(Type.String(), { description: 'devices that `save` writes into the scheme' })),
  },
  about('`apply`, `revert` and `save`: what was changed, or would be.'),
);

export const DiffJson = Type.Object(
  {
    hanbus: Type.Literal('diff/1'),
    from: Type.Integer({ description: 'number of the version' }),
    to: Type.Union([Type.Integer(), Type.Null()], {
      description: 'number of the version; null: the files as they are',
    }),
    lines: Type.Array(Type.String(), { description: 'in the unified form' }),
  },
  about('`config diff`: what differs between two versions.'),
);

export const ConfirmJson = Type.Object(
  { hanbus: Type.Literal('confirm/1'), node: Type.String(), ...TrialEndJson.properties },
  about('`confirm`: the scheme on trial is kept.'),
);
