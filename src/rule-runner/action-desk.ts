import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Action, Outcome } from '../rules/engine-world.ts';
import type { PointSpec } from '../schemes/point.ts';
import { CommandDesk } from './command-desk.ts';
import { counterOf } from './counters.ts';
import type { HomeVariables } from './home-variables.ts';
import { variableOf } from './point-names.ts';
import { PublishDesk } from './publish-desk.ts';
import { ServiceDesk } from './service-desk.ts';

export interface ActionDeskOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly variables: HomeVariables;
  readonly tell: (outcome: Outcome) => void;
  readonly specOf: (point: string) => PointSpec | undefined;
}

/**
 * Does what rules want done; the outcome of each action is told once, now or later. Of a message that went out nothing is
 * told: no rule waits for that.
 */
export class ActionDesk {
  readonly #options: ActionDeskOptions;
  readonly #commands: CommandDesk;
  readonly #services: ServiceDesk;
  readonly #publishing: PublishDesk;
  #acted = 0;

  constructor(options: ActionDeskOptions) {
    this.#options = options;
    this.#commands = new CommandDesk(options);
    this.#services = new ServiceDesk(options);
    this.#publishing = new PublishDesk(options.bus);
  }

  get pending(): number {
    return this.#commands.pending + this.#services.pending;
  }

  get acted(): number {
    return this.#acted;
  }

  act(action: Action): void {
    this.#acted += 1;
    const outcome = this.#do(action);
    if (outcome !== undefined) this.#options.tell(outcome);
  }

  keepOnly(targets: ReadonlySet<string>): void {
    this.#commands.keepOnly(targets);
  }

  stop(): void {
    this.#commands.stop();
    this.#services.stop();
  }

  #do(action: Action): Outcome | undefined {
    switch (action.kind) {
      case 'command':
        return this.#commands.send(action);
      case 'service':
        return this.#services.call(action);
      case 'publish':
        return this.#publishing.publish(action);
      case 'variable':
        return this.#change(action);
    }
  }

  #change({ id, rule, variable, value }: Extract<Action, { kind: 'variable' }>): Outcome {
    const { variables } = this.#options;
    const counter = counterOf(rule);
    if (counter !== undefined) {
      variables.count(counter);
      return { id, state: 'done' };
    }
    const granted = variables.set({ name: variableOf(variable) ?? variable, value, by: `rule:${rule}` });
    if (granted.state === 'done') return { id, state: 'done' };
    return { id, state: 'rejected', why: `${granted.why} (${granted.code})` };
  }
}
