import type { Verb } from '../bus/requests.ts';
import { HanbusError } from '../kit/errors.ts';
import type { ApplyAnswer, ConfirmAnswer, SchemeAnswer } from '../schemes/contracts.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import type { Scheme } from '../schemes/scheme.ts';
import { applyAnswer, schemeAnswer, storedVersion } from './scheme-answers.ts';
import { etagIn, textsIn, waitMsIn, whoIn } from './scheme-args.ts';
import { differencesOf } from './scheme-differences.ts';
import type { SchemeLoop } from './scheme-loop.ts';
import { savedText } from './scheme-save.ts';
import { wayBack } from './scheme-undo.ts';
import type { ChangeWish } from './scheme-wish.ts';

export interface SchemeVerbWorld {
  readonly node: string;
  readonly schemes: SchemeLoop;
  /** The devices that a scheme makes of what is attached now. */
  readonly devicesOf: (scheme: Scheme) => readonly DevicePlan[];
}

type SchemeVerb = 'apply' | 'confirm' | 'revert' | 'save' | 'scheme';

type Args = Readonly<Record<string, unknown>>;

/**
 * `scheme` shows the files, their etag and the versions; `apply` gives them other texts, `confirm` keeps what is on
 * trial, `revert` goes back, `save` writes what the harvest found. All but `confirm` answer without a change when `dryRun` is set.
 */
export function schemeVerbs(world: SchemeVerbWorld): Readonly<Record<SchemeVerb, Verb>> {
  return {
    apply: (args, { origin }) => apply(world, args, whoIn(args, origin)),
    confirm: (args, { origin }) => confirm(world, args, whoIn(args, origin)),
    revert: (args, { origin }) => revert(world, args, whoIn(args, origin)),
    save: (args, { origin }) => save(world, args, whoIn(args, origin)),
    scheme: (args) => show(world, args),
  };
}

async function show({ node, schemes }: SchemeVerbWorld, args: Args): Promise<SchemeAnswer> {
  const { source } = schemes;
  const teller = { node, main: source.main };
  const asked = args.version;
  if (asked === undefined) return schemeAnswer(teller, schemes, await schemes.keeper.read());
  const number = numberOf(schemes, asked);
  const version = await storedVersion(schemes, source, number);
  if (version !== undefined) return schemeAnswer(teller, schemes, version, number);
  throw noVersion(asked);
}

/** A version by its number or its etag. Throws HB396. */
function numberOf({ history }: SchemeLoop, asked: unknown): number {
  const found = history.versions.findLast(({ number, etag }) => number === asked || etag === asked);
  if (found === undefined) throw noVersion(asked);
  return found.number;
}

function noVersion(asked: unknown): HanbusError {
  const name = typeof asked === 'string' || typeof asked === 'number' ? String(asked).slice(0, 40) : 'like this';
  return new HanbusError('HB396', `there is no version ${name}`, { fix: 'hanbus config versions' });
}

async function apply(world: SchemeVerbWorld, args: Args, who: string): Promise<ApplyAnswer> {
  const { schemes } = world;
  if (args.files === undefined && args.text === undefined) return await reread(world);
  const wish: ChangeWish = {
    texts: textsIn(args, schemes.source.main),
    etag: etagIn(args),
    by: { source: 'apply', who },
    waitMs: waitMsIn(args),
    isDry: args.dryRun === true,
  };
  return await told(world, wish.isDry, () => schemes.change(() => wish));
}

/** `apply` without texts: the files as they are, as after an edit. */
async function reread(world: SchemeVerbWorld): Promise<ApplyAnswer> {
  const { schemes } = world;
  return await told(world, false, async () => {
    await schemes.look();
    const { current, keeper } = schemes;
    const ok = !current.isOlder;
    const { newest } = keeper;
    const { etag } = newest;
    return { ok, etag, problems: current.problems, scheme: newest.loaded.scheme, files: [] };
  });
}

async function revert(world: SchemeVerbWorld, args: Args, who: string): Promise<ApplyAnswer> {
  const { schemes } = world;
  const { to } = args;
  const isDry = args.dryRun === true;
  const number = to === undefined ? undefined : numberOf(schemes, to);
  if (number === undefined && schemes.trials.trial !== undefined && !isDry) return await endTrial(world, who);
  const etag = args.etag === undefined ? undefined : etagIn(args);
  const waitMs = waitMsIn(args, 0);
  return await told(world, isDry, () =>
    schemes.change(async () => {
      const { texts, version } = await wayBack(schemes, number);
      return { texts, etag, by: { source: 'undo', who, of: version.number }, waitMs, isDry };
    }),
  );
}

/** Takes back what is on trial, without waiting for its time. */
async function endTrial(world: SchemeVerbWorld, who: string): Promise<ApplyAnswer> {
  const { schemes, node } = world;
  const ended = await schemes.takeBack(who === '' ? 'it was taken back' : `taken back by ${who}`);
  const { etag } = schemes.keeper.newest;
  const answer = { hanbus: 'apply/1', node, ok: ended?.outcome === 'reverted', etag, dryRun: false } as const;
  return { ...answer, files: [], problems: [], ...(ended === undefined ? {} : { ended }) };
}

async function save(world: SchemeVerbWorld, args: Args, who: string): Promise<ApplyAnswer> {
  const { node, schemes, devicesOf } = world;
  const isDry = args.dryRun === true;
  const { text, etag, names } = await savedText(schemes, node, devicesOf(schemes.current.scheme));
  const wish: ChangeWish = {
    ...{ texts: { [schemes.source.main]: text }, etag, by: { source: 'apply', who }, waitMs: 0, isDry },
    isOwnText: true,
  };
  return { ...(await told(world, isDry, () => schemes.change(() => wish))), saved: [...names] };
}

async function confirm({ node, schemes }: SchemeVerbWorld, args: Args, who: string): Promise<ConfirmAnswer> {
  const etag = etagIn(args) ?? schemes.trials.trial?.etag ?? '';
  return { hanbus: 'confirm/1', node, ...(await schemes.confirm(etag, who)) };
}

/** The answer to a change, with what it means for the home, compared with what ran before. */
async function told(
  { node, schemes, devicesOf }: SchemeVerbWorld,
  isDry: boolean,
  change: () => ReturnType<SchemeLoop['change']>,
): Promise<ApplyAnswer> {
  const { scheme } = schemes.current;
  const before = { scheme, devices: devicesOf(scheme) };
  const changed = await change();
  const after = changed.scheme;
  const changes = after === undefined ? undefined : differencesOf(before, { scheme: after, devices: devicesOf(after) });
  const isKept = schemes.trials.isKept && schemes.history.isKept;
  return applyAnswer({ node, main: schemes.source.main, changed, isDry, isKept, changes });
}
