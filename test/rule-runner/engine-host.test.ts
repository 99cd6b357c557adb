import { expect, test } from 'vitest';
import { EngineHost } from '../../src/rule-runner/engine-host.ts';
import { makeEngine } from '../../src/rules/engine.ts';
import type { Engine } from '../../src/rules/engine-world.ts';
import { makeFakeClock } from '../fakes/clock.ts';

test('an engine that throws when its time has come does not end the node: it is told, and asked again a second later', async () => {
  const clock = makeFakeClock();
  const bugs: unknown[] = [];
  let ticks = 0;
  let isBroken = true;
  const nothing = () => undefined;
  const real = makeEngine({ node: 'a', epoch: 1, timeZone: 'UTC', onNotice: nothing, act: nothing, onChange: nothing });
  const engine: Engine = {
    ...real,
    load: nothing,
    get nextAt() {
      return isBroken || ticks === 0 ? clock.mono() : undefined;
    },
    tick: () => {
      ticks += 1;
      if (isBroken) throw new RangeError('Invalid string length');
    },
  };
  const onBug = (error: unknown) => void bugs.push(error);
  const host = new EngineHost({ engine, clock, isTimeTrusted: () => true, onBug });
  host.enter(nothing);
  await clock.advance(0);
  expect(bugs).toEqual([new RangeError('Invalid string length')]);
  await clock.advance(999);
  expect(ticks).toBe(1);
  await clock.advance(1);
  expect(ticks).toBe(2);
  isBroken = false;
  await clock.advance(1_000);
  expect([ticks, bugs.length]).toEqual([3, 2]);
  host.stop();
});
