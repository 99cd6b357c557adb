import { sleep } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import { exitOf } from '../../schemes/codes.ts';
import type { SetAnswer } from '../../schemes/command-contracts.ts';
import type { ControlRequests } from '../../schemes/control.ts';
import { durationText } from '../../schemes/quantity.ts';
import { type Door, expectAnswer } from '../door.ts';
import { durationOption } from '../globals.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'set',
  summary: 'switch an output, set a value',
  group: 'look',
  arguments: [
    {
      name: 'point',
      about: 'device.point, a device with one output, home.variable, group:name or scene:name',
      required: true,
      completes: 'point',
    },
    { name: 'value', about: 'on, off, a number with or without its unit, a word; none for a scene' },
  ],
  options: [
    { flags: '--for <time>', about: 'back to its state of rest after' },
    { flags: '--ttl <time>', about: 'how long it may wait for the device or a limit; default 30s, 5s with --once' },
    { flags: '--once', about: 'an act that must never happen twice, also when the power fails' },
    { flags: '--wait <time>', about: 'wait so long for a point that is not there yet' },
    { flags: '--dry-run', about: 'tell what would happen, and do nothing' },
  ],
  examples: [
    { line: 'hanbus set pump on --for 2s', about: 'on, and off again by itself' },
    { line: 'hanbus set heater.target 68°F', about: 'units are converted' },
    { line: 'hanbus set gate.open open --once', about: 'never twice' },
    { line: 'hanbus set group:lamps off', about: 'every member of a group' },
    { line: 'hanbus set home.mode away', about: 'a variable of the home' },
    { line: 'hanbus set scene:evening', about: 'all that a scene sets' },
  ],
  contract: 'set',
  async run(call) {
    const waitMs = durationOption('--wait', call.options.wait) ?? 0;
    const answer = await setWithin(call, waitMs);
    const isWell = answer.st === 'done' || answer.st === 'would';
    if (call.globals.json) call.screen.json(answer);
    else if (isWell) tell(answer, call);
    else throw failure(answer);
    return isWell ? 0 : exitOf(answer.code ?? 'HB100');
  },
};

/** What an answer needs on top of the time of the command. */
const EXTRA_MS = 3_000;
const USUAL_MS = { once: 5_000, set: 30_000 };
/** Refusals that may be over soon, when the device is there. */
const NOT_YET = new Set(['HB357', 'HB359']);

async function setWithin(call: Call, waitMs: number): Promise<SetAnswer> {
  const { clock } = call.world;
  const until = clock.mono() + waitMs;
  for (;;) {
    const answer = await ask(call).catch((error: unknown) => {
      if (error instanceof HanbusError && NOT_YET.has(error.code) && clock.mono() < until) return undefined;
      throw error;
    });
    const isThere = answer !== undefined && !NOT_YET.has(answer.code ?? '');
    if (answer !== undefined && (isThere || clock.mono() >= until)) return answer;
    await sleep(clock, Math.max(Math.min(500, until - clock.mono()), 1));
  }
}

async function ask({ words, options, door }: Call): Promise<SetAnswer> {
  const [point = '', value] = words;
  if (value === undefined && !point.startsWith('scene:')) {
    throw new HanbusError('HB150', `which value shall ${point} have?`, { fix: `hanbus set ${point} on` });
  }
  const mode = options.once === true ? 'once' : 'set';
  const ttl = durationOption('--ttl', options.ttl);
  const forMs = durationOption('--for', options.for);
  const question = {
    ...{ point, value, by: 'cli' },
    ...(options.once === true && { mode }),
    ...(ttl !== undefined && { ttl }),
    ...(forMs !== undefined && { for: forMs }),
    ...(options.dryRun === true && { dry: true }),
  };
  const [, variable] = /^home[./](.+)$/.exec(point) ?? [];
  if (variable !== undefined)
    return await setVariable(await door(), { name: variable, value, dry: options.dryRun === true });
  const result = await (await door()).ask('set', question, (ttl ?? USUAL_MS[mode]) + EXTRA_MS);
  return expectAnswer<SetAnswer>(result, 'set/1');
}

/** Of the home; nothing waits for it. */
async function setVariable(door: Door, question: Omit<ControlRequests['variable'], 'by'>): Promise<SetAnswer> {
  return expectAnswer<SetAnswer>(await door.ask('variable', { ...question, by: 'cli' }), 'set/1');
}

/** One line for what was done; everything else is a failure with its code. */
function tell({ point, st, text = 'set', forMs, ms, why }: SetAnswer, { screen }: Call): void {
  const timed = forMs === undefined ? '' : ` for ${durationText(forMs)}`;
  if (st === 'would')
    screen.out(`${point} would be ${text}${timed}${why === undefined ? '' : `, but not yet: ${why}`}`);
  else screen.out(`${screen.tint('green', '✓')} ${point} is ${text}${timed} (${tookText(ms)})`);
}

function tookText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

const BECAME: Readonly<Record<string, string>> = {
  expired: 'came too late',
  failed: 'failed',
  rejected: 'was refused',
  superseded: 'was overtaken by a newer one',
  unknown: 'may have been carried out, or not',
};

function failure({ point, st, code = 'HB100', why = 'nobody knows why' }: SetAnswer): HanbusError {
  const message = `the command to ${point} ${BECAME[st] ?? `is ${st}`}: ${why}`;
  return new HanbusError(code, message, { fix: `hanbus explain ${code}` });
}
