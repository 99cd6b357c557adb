import { sleep } from '../../kit/clock.ts';
import { HanbusError } from '../../kit/errors.ts';
import { fieldsText } from '../../kit/log-output.ts';
import type { LogsAnswer } from '../../schemes/contracts.ts';
import type { ControlRequests } from '../../schemes/control.ts';
import { nearest } from '../../schemes/near.ts';
import { askLogs } from '../ask.ts';
import type { Door } from '../door.ts';
import { durationOption } from '../globals.ts';
import { timeText } from '../spans.ts';
import type { Call, Verb } from '../verb.ts';

type Question = ControlRequests['logs'];

const FOLLOW_MS = 500;

export const verb: Verb = {
  name: 'logs',
  summary: 'what the running node logged',
  group: 'look',
  options: [
    { flags: '--since <time>', about: 'only the last 10min, 1h ...' },
    { flags: '--level <level>', about: 'error, warn, info or debug: this one and worse' },
    { flags: '--source <name>', about: 'only this service or device' },
    { flags: '--limit <count>', about: 'at most so many lines; default 200' },
    { flags: '--follow', about: 'go on until Ctrl-C' },
  ],
  examples: [
    { line: 'hanbus logs --since 10min --level warn', about: 'what went wrong lately' },
    { line: 'hanbus logs --follow', about: 'live' },
  ],
  contract: 'logs',
  async run(call) {
    const question = readQuestion(call);
    const since = durationOption('--since', call.options.since);
    const door = await call.door();
    const answer = await askLogs(door, question);
    const from = since === undefined ? 0 : call.world.clock.now() - since;
    const lines = answer.lines.filter(({ time }) => time >= from);
    if (call.options.follow === true) return await follow(call, door, { ...answer, lines }, question);
    tell({ ...answer, lines }, call);
    if (lines.length === 0 && !call.globals.json) call.screen.note('Nothing was logged that fits.');
    return 0;
  },
};

/** With `--json` one `logs/1` document for each batch, a line each. Ends with Ctrl-C. */
async function follow(call: Call, door: Door, first: LogsAnswer, question: Question): Promise<number> {
  const { clock, onSignal, stdout } = call.world;
  const stop = new AbortController();
  const release = onSignal(() => stop.abort());
  let answer = first;
  let after = answer.lines.at(-1)?.seq ?? 0;
  try {
    for (;;) {
      if (answer.lines.length > 0) tell(answer, call);
      await sleep(clock, FOLLOW_MS, stop.signal);
      if (stdout.closed.aborted) return 0;
      if (stop.signal.aborted) return 130;
      answer = await askLogs(door, { ...question, after });
      after = answer.lines.at(-1)?.seq ?? after;
    }
  } finally {
    release();
  }
}

const LEVELS: readonly string[] = ['error', 'warn', 'info', 'debug'];

function readQuestion({ options }: Call): Question {
  const { level, source, limit } = options;
  if (level !== undefined && !LEVELS.includes(String(level))) {
    const near = nearest(String(level), LEVELS) ?? 'warn';
    throw new HanbusError('HB150', `there is no level "${String(level)}"; there are ${LEVELS.join(', ')}`, {
      fix: `hanbus logs --level ${near}`,
    });
  }
  if (limit !== undefined && !/^[1-9]\d{0,3}$/.test(String(limit))) {
    throw new HanbusError('HB150', `--limit ${String(limit)} is not a number from 1 to 9999`, { fix: '--limit 50' });
  }
  return {
    ...(typeof level === 'string' ? { level } : {}),
    ...(typeof source === 'string' ? { source } : {}),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  };
}

const MARKS = { debug: [' ', 'dim'], error: ['✗', 'red'], info: ['·', 'dim'], warn: ['▲', 'yellow'] } as const;

function tell(answer: LogsAnswer, { screen, globals }: Call): void {
  if (globals.json) {
    screen.json(answer);
    return;
  }
  for (const { time, level, text, fields } of answer.lines) {
    const [symbol, tint] = MARKS[level];
    screen.out(
      `${timeText(time)} ${screen.tint(tint, symbol)} ${text}${screen.tint('dim', fieldsText({ ...fields }))}`,
    );
  }
}
