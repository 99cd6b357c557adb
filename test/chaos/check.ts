import type { Act, Answer, Sent, Story } from './events.ts';

/** The promise is broken only when a command acts later than this after its deadline; ms. */
const LATE_MS = 250;
/** A node that lives on has answered so long after the time of a command; ms. */
const ANSWER_MS = 2_000;
const FINAL = ['done', 'expired', 'failed', 'rejected', 'superseded', 'unknown'];
/** After these the hardware must not have moved. */
const NEVER_BEGAN = ['expired', 'rejected', 'superseded', 'unreachable'];
/** `failed` for this reason: the device was not there, and nothing was tried. */
const NOT_THERE = 'HB359';

/** Everything in a story that must not be. It knows nothing of the code that is tested: only what was said and done. */
export function check(story: Story): readonly string[] {
  const acts = grouped(story.acts, ({ value }) => value);
  const ends = story.answers.filter(({ state }) => FINAL.includes(state));
  const answers = grouped(
    ends.map((one) => (one.state === 'failed' && one.code === NOT_THERE ? { ...one, state: 'unreachable' } : one)),
    ({ id }) => id,
  );
  return [
    ...story.sent.flatMap((sent) => checkCommand(sent, acts.get(sent.value) ?? [], answers.get(sent.id) ?? [])),
    ...strangers(story),
    ...unanswered(story, answers),
    ...lostJobs(story),
    ...lostRecords(story),
    ...backwards(story),
  ];
}

function checkCommand(sent: Sent, acts: readonly Act[], answers: readonly Answer[]): string[] {
  const { id, mode, at, ttlMs, isTimed } = sent;
  const wrong: string[] = [];
  const states = [...new Set(answers.map(({ state }) => state))];
  const ends = endsOf(answers);
  if (mode === 'once' && acts.length > 1) wrong.push(`once command ${id} acted ${acts.length} times`);
  if (ends.length > 1) wrong.push(`command ${id} ended as ${ends.join(' and ')}: ${answers.map(told).join(', ')}`);
  if (states.includes('done') && acts.length === 0) wrong.push(`command ${id} is done and nothing moved`);
  if (ends.every((end) => NEVER_BEGAN.includes(end)) && ends.length > 0 && acts.length > 0)
    wrong.push(`command ${id} is ${ends.join()} and acted`);
  const late = acts.filter((act) => isTimed && act.at > at + ttlMs + LATE_MS);
  if (late.length > 0) wrong.push(`command ${id} acted ${Math.round((late[0]?.at ?? 0) - at - ttlMs)} ms too late`);
  return wrong;
}

/**
 * The ends of one command: there must be one. What never began in an earlier life may be sent again in a later one, and
 * then that counts.
 */
function endsOf(answers: readonly Answer[]): readonly string[] {
  const last = Math.max(...answers.map(({ life }) => life));
  const counts = answers.filter(({ state, life }) => life === last || !NEVER_BEGAN.includes(state));
  return [...new Set(counts.map(({ state }) => state))];
}

/** Commands that the node took and did not answer, though it lived long enough. After its end the issuer says `unknown`. */
function unanswered({ sent, taken, lives }: Story, answers: ReadonlyMap<string, readonly Answer[]>): string[] {
  const times = new Map(sent.map(({ id, ttlMs }) => [id, ttlMs]));
  return taken.flatMap(({ id, at }) => {
    const until = at + (times.get(id) ?? 0) + ANSWER_MS;
    if (!lives.some(({ from, to }) => from <= at && until < to)) return [];
    const first = answers.get(id)?.[0]?.at ?? Number.POSITIVE_INFINITY;
    return first <= until ? [] : [`command ${id} was taken and has no end ${ANSWER_MS} ms after its time`];
  });
}

function told({ state, code = '', life, at }: Answer): string {
  return `${state} ${code} in life ${life} at ${Math.round(at)} ms`;
}

/** Acts that nobody asked for. */
function strangers({ acts, sent }: Story): string[] {
  const asked = new Set(sent.map(({ value }) => value));
  return acts.filter(({ value }) => !asked.has(value)).map(({ value }) => `nobody asked for ${value}`);
}

function lostJobs({ jobs, heard }: Story): string[] {
  return jobs.filter(({ payload }) => !heard.has(payload)).map(({ payload }) => `acknowledged and lost: ${payload}`);
}

function lostRecords({ records: { accepted, found } }: Story): string[] {
  return accepted.filter(({ id }) => !found.has(id)).map(({ id }) => `accepted by the outbox and lost: ${id}`);
}

/** (epoch, sequence) of a topic never goes back. */
function backwards({ readings }: Story): string[] {
  const last = new Map<string, readonly [number, number]>();
  return readings.flatMap(([topic, epoch, sequence]) => {
    const [e, s] = last.get(topic) ?? [0, 0];
    last.set(topic, [epoch, sequence]);
    return epoch < e || (epoch === e && sequence < s)
      ? [`${topic} went back from ${e}/${s} to ${epoch}/${sequence}`]
      : [];
  });
}

function grouped<T, K>(list: readonly T[], keyOf: (one: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
