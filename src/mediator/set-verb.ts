import type { RequestMeta, Verb } from '../bus/requests.ts';
import type { Clock } from '../kit/clock.ts';
import { HanbusError } from '../kit/errors.ts';
import type { CommandAck } from '../schemes/command.ts';
import type { SetAnswer } from '../schemes/command-contracts.ts';
import type { PointSpec } from '../schemes/point.ts';
import { plainText, type Value } from '../schemes/reading.ts';
import type { DryRun } from './dry-run.ts';
import type { KnownPoints } from './known-points.ts';
import { readCommand } from './read-command.ts';
import { clipped, isRefusal, type Refusal } from './refusal.ts';
import type { Submission } from './submission.ts';
import { targetOf } from './target-of.ts';

export interface SetVerbWorld {
  readonly node: string;
  readonly clock: Clock;
  readonly known: KnownPoints;
  readonly freshId: () => string;
  readonly submit: (submission: Submission) => void;
  /** What would become of it now: nothing against it, a wait, or a refusal. */
  readonly dryRun: (submission: Submission) => DryRun | Refusal;
}

type Args = Readonly<Record<string, unknown>>;

/** The request `set`: one command, answered with its outcome. Throws what is wrong with the request itself. */
export function makeSetVerb(world: SetVerbWorld): Verb {
  return async (args, meta) => {
    const { node, clock, dryRun, submit } = world;
    const submission = submissionOf(world, args, meta);
    const { device, point, wish } = submission;
    const began = clock.mono();
    const answer = (ack: Omit<CommandAck, 'id'>): SetAnswer => {
      const { st, code, why, v } = ack;
      return {
        ...{
          hanbus: 'set/1',
          node,
          id: submission.id,
          point: shownName(device, point),
          st: st === 'received' || st === 'running' ? 'accepted' : st,
        },
        ...(v !== undefined && { value: v, text: shown(world.known, submission, v) }),
        ...(code !== undefined && { code }),
        ...(why !== undefined && { why }),
        ...(wish.forMs !== undefined && { forMs: wish.forMs }),
        ms: Math.round(clock.mono() - began),
      };
    };
    if (args.dry === true) {
      const dry = dryRun(submission);
      if (isRefusal(dry)) return answer(dry);
      const { value, why } = dry;
      return {
        ...answer({ st: 'done', ...(value !== undefined && { v: value }), ...(why !== undefined && { why }) }),
        st: 'would',
      };
    }
    return await new Promise<SetAnswer>((resolve) => {
      submit({ ...submission, onEnd: (ack) => resolve(answer(ack)) });
      if (args.wait === false) resolve(answer({ st: 'accepted' })); // unless it was refused just now
    });
  };
}

function submissionOf({ node, known, freshId }: SetVerbWorld, args: Args, meta: RequestMeta): Submission {
  const { origin, isAgain, expiresAt } = meta;
  const { point: name, value, ttl, for: rest, mode, by } = args;
  if (typeof name !== 'string' || name === '')
    throw bad('"point" must be given', '{"point":"pump.state","value":"on"}');
  const target = targetOf(name, node, known);
  if (isRefusal(target)) throw failure(target, 'hanbus ls');
  const v = value ?? (target.device === '$scene' ? true : undefined);
  const wish = readCommand(JSON.stringify({ v, ttl, for: rest, mode, by: by ?? origin }));
  if (isRefusal(wish)) throw failure(wish, '{"point":"pump.state","value":"on"}');
  return { id: freshId(), isNamed: false, ...target, wish, origin, isAgain, expiresAt, kind: 'command' };
}

const failure = ({ code, why }: Refusal, fix: string): HanbusError => new HanbusError(code, why, { fix });
const bad = (message: string, fix: string): HanbusError => new HanbusError('HB158', clipped(message), { fix });

const shownName = (device: string, point: string): string =>
  device.startsWith('$') ? `${device.slice(1)}:${point}` : `${device}.${point}`;

function shown(known: KnownPoints, { device, point }: Submission, value: Value): string {
  const spec: PointSpec | Refusal = known.find(device, point);
  const unit = isRefusal(spec) || spec.unit === undefined ? '' : ` ${spec.unit}`;
  return `${plainText(value)}${unit}`;
}
