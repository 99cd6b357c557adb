import type { ApplyAnswer, ConfirmAnswer } from '../schemes/contracts.ts';
import { askRevert } from './ask.ts';
import { type Door, expectAnswer } from './door.ts';
import { whoHere } from './scheme-texts.ts';
import type { Call } from './verb.ts';

const TICK_MS = 1_000;
/** The node's own clock goes on; an answer must reach it before. */
const EARLY_MS = 1_000;

type Answer = 'back' | 'keep' | 'signal';

/** Asks at the terminal: Enter keeps the scheme on trial; anything else, silence or Ctrl-C brings the one before back. */
export async function keepOrBack(call: Call, door: Door, { etag, confirmWithinMs = 0 }: ApplyAnswer): Promise<number> {
  const { screen } = call;
  const answer = await answered(call, confirmWithinMs - EARLY_MS);
  if (answer === 'keep') {
    await keep(call, door, etag);
    screen.out(`${screen.tint('green', '✓')} kept`);
    return 0;
  }
  const { ended } = await askRevert(door, { who: whoHere(call) });
  const text = ended?.outcome === 'edited' ? `left as it is: ${ended.why}` : 'taken back; the scheme before runs again';
  screen.out(`${screen.tint('yellow', '▲')} ${text}`);
  return answer === 'signal' ? 130 : 1;
}

export async function keep(call: Call, door: Door, etag: string): Promise<ConfirmAnswer> {
  return expectAnswer<ConfirmAnswer>(await door.ask('confirm', { etag, who: whoHere(call) }), 'confirm/1');
}

/** What a person says within a time, with a countdown. */
async function answered({ world, screen }: Call, ms: number): Promise<Answer> {
  const { clock, stderr } = world;
  screen.note('Does it work? Enter keeps it; anything else, or silence, takes it back.');
  const until = clock.mono() + ms;
  let cancel = (): void => undefined;
  let release = (): void => undefined;
  const late = new Promise<Answer>((resolve) => {
    const tick = (): void => {
      const left = until - clock.mono();
      if (stderr.isTTY) stderr.write(`\r${Math.max(0, Math.ceil(left / 1_000))} s  `);
      if (left <= 0) resolve('back');
      else cancel = clock.after(Math.min(TICK_MS, left), tick);
    };
    tick();
    release = world.onSignal(() => resolve('signal'));
  });
  const said = world.readStdin().then((text): Answer => (/^\r?\n$/.test(text) ? 'keep' : 'back'));
  try {
    return await Promise.race([said, late]);
  } finally {
    cancel();
    release();
    if (stderr.isTTY) stderr.write('\r');
  }
}
