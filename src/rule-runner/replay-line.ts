import { HanbusError } from '../kit/errors.ts';
import { InTurn } from '../kit/in-turn.ts';

/** Replays that wait for the one that runs. */
const MOST_WAITING = 4;

/** One replay at a time: they take all the time that nothing else needs. More than a few that wait are refused (HB349). */
export function makeReplayLine(): <T>(task: () => Promise<T>) => Promise<T> {
  const turns = new InTurn();
  let open = 0;
  return async (task) => {
    if (open > MOST_WAITING)
      throw new HanbusError('HB349', 'other replays are waiting already', { fix: 'try it again soon' });
    open += 1;
    try {
      return await turns.run(task);
    } finally {
      open -= 1;
    }
  };
}
