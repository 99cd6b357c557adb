import type { Value } from '../schemes/reading.ts';
import type { EngineHost } from './engine-host.ts';
import type { RuleRunnerOptions } from './runner-options.ts';

/** Readings of one point that are brought back; the newest of them count. */
const MOST_READINGS = 20_000;
/** History that does not come is not waited for, ms. */
const PATIENCE_MS = 5_000;

interface Past {
  readonly mono: number;
  readonly value: Value;
}

/** Fills the windows of rules from history before their points are listened to, so that averages outlive a restart. */
export class Warmth {
  readonly #options: RuleRunnerOptions;
  /** Points whose past is being read. */
  readonly #cold = new Set<string>();

  constructor(options: RuleRunnerOptions) {
    this.#options = options;
  }

  /** Its past is on the way: a reading of now must not come before it. */
  isCold(point: string): boolean {
    return this.#cold.has(point);
  }

  /** Reads the past of the points that nobody listens to yet; calls `done` when there is no more to wait for. */
  warm(host: EngineHost, isHeard: (point: string) => boolean, done: () => void): void {
    const { history, isTimeTrusted, clock, log } = this.#options;
    // Without the right time nobody knows how long ago a stored reading was.
    if (history === undefined || !isTimeTrusted()) return;
    const wanted = [...host.engine.windows].filter(([point]) => !isHeard(point) && !this.#cold.has(point));
    if (wanted.length === 0) return;
    for (const [point] of wanted) this.#cold.add(point);
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      cancel();
      for (const [point] of wanted) this.#cold.delete(point);
      done();
    };
    const cancel = clock.after(PATIENCE_MS, end);
    const bring = async () => {
      for (const [point, ms] of wanted) {
        const past = await this.#past(point, ms);
        if (!isOver) host.engine.recall(point, past);
      }
    };
    bring().then(end, (error: unknown) => {
      log.warn('windows of rules begin empty: the history cannot be read', { reason: String(error) });
      end();
    });
  }

  async #past(point: string, ms: number): Promise<readonly Past[]> {
    const { history, clock } = this.#options;
    const [mono, wall] = [clock.mono(), clock.now()];
    const past: Past[] = [];
    for await (const { time, value } of history?.([point], wall - ms, wall) ?? []) {
      if (value !== undefined && time <= wall) past.push({ mono: mono - (wall - time), value });
      if (past.length >= 2 * MOST_READINGS) past.splice(0, MOST_READINGS);
    }
    return past;
  }
}
