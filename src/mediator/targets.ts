import type { Bus } from '../bus/bus.ts';
import type { Message } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import type { CommandAck } from '../schemes/command.ts';
import { listed, nearest } from '../schemes/near.ts';
import type { Group, Scene } from '../schemes/rules/rule.ts';
import { topics } from '../schemes/topics.ts';
import type { Admission } from './admission.ts';
import { type Desk, isFinal } from './desk.ts';
import type { DryRun } from './dry-run.ts';
import type { IdBook, KnownId } from './id-book.ts';
import type { Member, MemberEnd } from './member.ts';
import { memberId } from './member-id.ts';
import { OpenRuns } from './open-runs.ts';
import { readAck } from './read-ack.ts';
import { type Refusal, rejected } from './refusal.ts';
import { runScene } from './scene-run.ts';
import type { Submission } from './submission.ts';
import { whatOf } from './what-of.ts';

export interface TargetsWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: string;
  readonly clock: Clock;
  readonly admission: Admission;
  readonly ids: IdBook;
  readonly desk: Desk;
  /** What a point is now. */
  readonly valueNow: (name: string) => unknown;
}

const TTL_MS = 30_000;
/** A member on another node has this much more than its time to answer. */
const EXTRA_MS = 2_000;

/** Points, groups and scenes: all that a command can be given to. */
export class Targets {
  readonly #world: TargetsWorld;
  readonly #ends = new Set<() => void>();
  readonly #runs = new OpenRuns();
  #groups: ReadonlyMap<string, Group> = new Map();
  #scenes: ReadonlyMap<string, Scene> = new Map();

  constructor(world: TargetsWorld) {
    this.#world = world;
  }

  apply(groups: readonly Group[], scenes: readonly Scene[]): void {
    this.#groups = new Map(groups.map((group) => [group.name, group]));
    this.#scenes = new Map(scenes.map((scene) => [scene.name, scene]));
  }

  stop(): void {
    for (const end of [...this.#ends]) end();
  }

  submit(submission: Submission): void {
    const { admission, desk } = this.#world;
    if (submission.device !== '$group' && submission.device !== '$scene') {
      admission.submit(submission);
      return;
    }
    desk.received();
    if (admission.tellAgain(submission)) return;
    const refusal = admission.refusalOfAll(submission) ?? this.#begin(submission);
    if (refusal !== undefined) admission.refuse(submission, refusal);
  }

  /** What would become of it now; of groups and scenes only whether there is such a one. */
  dryRun(submission: Submission): DryRun | Refusal {
    const { device, point } = submission;
    if (device === '$group') return this.#groups.has(point) ? {} : noSuch('group', point, this.#groups);
    if (device === '$scene') return this.#scenes.has(point) ? {} : noSuch('scene', point, this.#scenes);
    return this.#world.admission.dryRun(submission);
  }

  #begin(submission: Submission): Refusal | undefined {
    const tooMany = this.#runs.refusal(submission.origin);
    if (tooMany !== undefined) return tooMany;
    return submission.device === '$group' ? this.#toGroup(submission) : this.#toScene(submission);
  }

  #toGroup(submission: Submission): Refusal | undefined {
    const group = this.#groups.get(submission.point);
    if (group === undefined) return noSuch('group', submission.point, this.#groups);
    const { v: value, forMs, mode, ttlMs } = submission.wish;
    const members = group.members.map((name) => ({ name, value, forMs, mode, ttlMs }));
    const known = this.#accept(submission);
    void this.#all(submission, members, '').then((ends) => this.#sum(submission, known, ends));
    return undefined;
  }

  #toScene(submission: Submission): Refusal | undefined {
    const scene = this.#scenes.get(submission.point);
    if (scene === undefined) return noSuch('scene', submission.point, this.#scenes);
    const { bus, clock, origin, valueNow } = this.#world;
    let round = 0;
    const run = runScene(scene, this.#scenes, {
      ...{ clock, valueNow },
      set: (members) => {
        round += 1;
        return this.#all(round === 1 ? submission : lasting(submission), members, `${round}.`);
      },
      setVariable: (name, value) =>
        void bus.publish({ topic: topics.variableSet(name.replace(/^home\./, '')), payload: String(value), origin }),
    });
    if ('st' in run) return run;
    const known = this.#accept(submission);
    void run.ended.then((ends) => this.#sum(submission, known, ends));
    return undefined;
  }

  #accept(submission: Submission): KnownId {
    const { clock, desk, ids } = this.#world;
    this.#runs.begin(submission.origin);
    const ack: CommandAck = { id: submission.id, st: 'accepted' };
    const known = { ...ack, what: whatOf(submission), isOnce: false, at: clock.mono(), ack, pending: undefined };
    ids.add(known);
    desk.say(submission, ack);
    return known;
  }

  async #all(submission: Submission, members: readonly Member[], round: string): Promise<readonly MemberEnd[]> {
    const { node } = this.#world;
    return await Promise.all(
      members.map((member, index) => {
        const id = memberId(submission.id, `${round}${index + 1}`);
        const [home, device = '', point = ''] = member.name.split('.');
        const wish = { ...wishOf(submission, member), id };
        const one = { ...submission, id, device, point, wish, isMember: true, reply: undefined };
        return home === node ? this.#here(member.name, one) : this.#elsewhere(member.name, home ?? '', one);
      }),
    );
  }

  #here(name: string, submission: Submission): Promise<MemberEnd> {
    return new Promise((resolve) => {
      this.#world.admission.submit({ ...submission, onEnd: (ack) => resolve({ name, ack }) });
    });
  }

  /** A member of another node hears the command there, if a way leads to it. */
  #elsewhere(name: string, home: string, { id, device, point, wish, origin: by }: Submission): Promise<MemberEnd> {
    const { bus, clock, origin } = this.#world;
    const { v, ttlMs = TTL_MS, mode, forMs } = wish;
    return new Promise((resolve) => {
      const end = (ack: MemberEnd['ack']): void => {
        cancel();
        unsubscribe();
        this.#ends.delete(giveUp);
        resolve({ name, ack });
      };
      const giveUp = () => end({ st: 'unknown', code: 'HB367', why: `${home} did not answer` });
      const cancel = clock.after(ttlMs + EXTRA_MS, giveUp);
      const hear = (message: Message): void => {
        const ack = readAck(message);
        if (ack?.id === id && isFinal(ack.st)) end(ack);
      };
      const unsubscribe = bus.subscribe(topics.ack(home, device, point), hear, { origin });
      this.#ends.add(giveUp);
      const payload = JSON.stringify({ id, v, ttl: ttlMs, mode, by: wish.by ?? by, for: forMs });
      bus.publish({ topic: topics.command(home, device, point), payload, origin, qos: 1 });
    });
  }

  #sum(submission: Submission, known: KnownId, ends: readonly MemberEnd[]): void {
    const { desk } = this.#world;
    this.#runs.end(submission.origin);
    const bad = ends.filter(({ ack }) => ack.st !== 'done');
    const words = bad.map(({ name, ack }) => `${name} ${ack.st}${ack.why === undefined ? '' : ` (${ack.why})`}`);
    const why = `${bad.length} of ${ends.length}: ${listed(words, 3)}`;
    const { id, reply, onEnd } = submission;
    known.ack = bad.length === 0 ? { id, st: 'done' } : { id, st: 'failed', code: 'HB369', why };
    desk.refuse(submission, known.ack, reply);
    onEnd?.(known.ack);
  }
}

function wishOf({ wish, origin }: Submission, { value, forMs, mode, ttlMs }: Member): Submission['wish'] {
  return {
    v: value,
    by: wish.by ?? origin,
    ...(wish.at !== undefined && { at: wish.at }),
    ...(forMs !== undefined && { forMs }),
    ...(mode !== undefined && { mode }),
    ...((ttlMs ?? wish.ttlMs) !== undefined && { ttlMs: ttlMs ?? wish.ttlMs ?? TTL_MS }),
  };
}

/** The scene was in time; how long its own pauses are says nothing against its later steps. */
function lasting(submission: Submission): Submission {
  const wish = { ...submission.wish, at: undefined };
  return { ...submission, wish, expiresAt: undefined, isAgain: false };
}

function noSuch(what: string, name: string, all: ReadonlyMap<string, unknown>): Refusal {
  const near = nearest(name, [...all.keys()]);
  return rejected('HB357', `there is no ${what} ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
}
