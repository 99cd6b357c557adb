import { reasonOf } from '../kit/errors.ts';
import { makeEngine } from '../rules/engine.ts';
import type { EngineWorld, Notice } from '../rules/engine-world.ts';
import type { RulesText } from '../schemes/rules/rules-text.ts';
import { EngineHost } from './engine-host.ts';
import type { RuleRunnerOptions } from './runner-options.ts';

type Asks = Pick<EngineWorld, 'act' | 'isOnce' | 'onChange' | 'unitOf'>;

/** A new engine with its time, as it was when `stored` was taken of it. */
export function makeHost(options: RuleRunnerOptions, text: RulesText, asks: Asks, stored: unknown): EngineHost {
  const { node, epoch, timeZone, clock, isTimeTrusted, log } = options;
  const { location } = text;
  const onNotice = ({ rule, code, message, fix }: Notice) =>
    log.warn('a rule needs a look', { code, rule, reason: message, ...(fix === undefined ? {} : { fix }) });
  const place = location === undefined ? {} : { location };
  const host = new EngineHost({
    engine: makeEngine({ node, epoch, timeZone, onNotice, ...place, ...asks }),
    clock,
    isTimeTrusted,
    onBug: (error) =>
      log.error('a rule failed by a bug', {
        code: 'HB100',
        reason: reasonOf(error),
        stack: error instanceof Error ? error.stack : undefined,
      }),
  });
  host.enter((engine, moment) => engine.restore(stored, moment));
  return host;
}
