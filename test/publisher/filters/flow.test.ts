import { describe, expect, it } from 'vitest';
import { makeFakeClock } from '../../fakes/clock.ts';
import { openChain, through } from './run-chain.ts';

describe('debounce', () => {
  it('passes what has held still', async () => {
    const { chain, clock, taken } = openChain('debounce 5s');
    chain.push('open', 'good');
    await clock.advance(4_000);
    chain.push('closed', 'good');
    await clock.advance(4_999);
    expect(taken()).toEqual([]);
    await clock.advance(1);
    expect(taken()).toEqual(['closed']);
  });

  it('the same value again does not delay it, and passes once it has settled', async () => {
    const { feed, taken } = openChain('debounce 3s');
    await feed(7, 7, 7);
    expect(taken()).toEqual([7]);
    await feed(7);
    expect(taken()).toEqual([7]);
  });

  it('a short visit is not seen', async () => {
    const { feed, taken } = openChain('debounce 2s');
    await feed(1, 1, 1, 2, 1, 1, 1);
    expect(taken()).not.toContain(2);
  });
});

describe('throttle', () => {
  it('passes the first at once and the newest when the time is over', async () => {
    const { feed, clock, taken } = openChain('throttle 10s');
    await feed(1, 2, 3);
    expect(taken()).toEqual([1]);
    await clock.advance(7_000);
    expect(taken()).toEqual([3]);
    await clock.advance(60_000);
    expect(taken()).toEqual([]);
    await feed(4);
    expect(taken()).toEqual([4]);
  });

  it('never passes two within its time', async () => {
    const { chain, clock, out } = openChain('throttle 1s');
    const times: number[] = [];
    for (let step = 0; step < 50; step += 1) {
      chain.push(step, 'good');
      const before = out.length;
      await clock.advance(130);
      if (out.length > before) times.push(clock.mono());
    }
    expect(out.length).toBeLessThanOrEqual(8);
    expect(out.length).toBeGreaterThanOrEqual(6);
    expect(times.length).toBeGreaterThan(4);
  });
});

describe('throttle_average', () => {
  it('gives the average of each period', async () => {
    const { feed, clock, taken } = openChain('throttle_average 5s');
    await feed(1, 2, 3);
    expect(taken()).toEqual([]);
    await clock.advance(2_000);
    expect(taken()).toEqual([2]);
    await clock.advance(60_000);
    expect(taken()).toEqual([]);
    await feed(10);
    await clock.advance(4_000);
    expect(taken()).toEqual([10]);
  });
});

describe('heartbeat', () => {
  it('passes the first, then the newest at its pace', async () => {
    const { feed, clock, taken } = openChain('heartbeat 10s');
    await feed(1, 2, 3);
    expect(taken()).toEqual([1]);
    await clock.advance(7_000);
    expect(taken()).toEqual([3]);
    await clock.advance(20_000);
    expect(taken()).toEqual([3, 3]);
  });

  it('does not drift, however late the timers are', async () => {
    const clock = makeFakeClock(undefined, { lateMs: 4 });
    const { feed, out } = openChain('heartbeat 1s', undefined, clock);
    await feed(1);
    await clock.advance(599_010);
    expect(out).toHaveLength(601);
  });
});

describe('timeout', () => {
  it('says stale after silence, with the last value', async () => {
    const { feed, clock, out } = openChain('timeout 5s');
    await feed(7);
    await clock.advance(3_999);
    expect(out).toHaveLength(1);
    await clock.advance(1);
    expect(out[1]).toEqual({ value: 7, quality: 'stale', why: 'no reading for 5s' });
    await clock.advance(60_000);
    expect(out).toHaveLength(2);
    await feed(8);
    expect(out[2]).toEqual({ value: 8, quality: 'good' });
  });

  it('or gives a value instead, which is doubted', async () => {
    const { feed, clock, out } = openChain('timeout 5s 32°F', '°C');
    await feed(7);
    await clock.advance(5_000);
    expect(out[1]).toEqual({ value: 0, quality: 'uncertain', why: 'no reading for 5s', isInstead: true });
  });

  it('says so at the end of a chain, not into an average', async () => {
    const { feed, clock, out, taken } = openChain(['timeout 5s', 'mean 10']);
    await feed(2, 4);
    expect(taken()).toEqual([2, 3]);
    await clock.advance(5_000);
    expect(out).toEqual([{ value: 3, quality: 'stale', why: 'no reading for 5s' }]);
    taken();
    await feed(6);
    expect(taken()).toEqual([4]);
  });
});

describe('delays of on and off', () => {
  it('delayed_on: on when it has lasted, off at once', async () => {
    const { chain, clock, taken } = openChain('delayed_on 5s');
    chain.push(true, 'good');
    await clock.advance(4_999);
    expect(taken()).toEqual([]);
    await clock.advance(1);
    expect(taken()).toEqual([true]);
    chain.push(true, 'good');
    expect(taken()).toEqual([true]);
    chain.push(false, 'good');
    expect(taken()).toEqual([false]);
    chain.push(true, 'good');
    await clock.advance(3_000);
    chain.push(false, 'good');
    await clock.advance(10_000);
    expect(taken()).toEqual([false]);
  });

  it('on again while it waits does not delay it', async () => {
    const { feed, taken } = openChain('delayed_on 3s');
    await feed(true, true, true);
    expect(taken()).toEqual([true]);
  });

  it('delayed_off: off when it has lasted, on at once', async () => {
    const { chain, clock, taken } = openChain('delayed_off 5s');
    chain.push(true, 'good');
    chain.push(false, 'good');
    await clock.advance(4_000);
    chain.push(true, 'good');
    await clock.advance(10_000);
    expect(taken()).toEqual([true, true]);
    chain.push(false, 'good');
    await clock.advance(5_000);
    expect(taken()).toEqual([false]);
  });
});

describe('choosing', () => {
  it('skip_initial drops the first', () => {
    expect(through('skip_initial 2', [1, 2, 3, 4])).toEqual([3, 4]);
  });

  it('filter_out drops its values', () => {
    expect(through('filter_out 85 -127', [20, 85, -127, 85.1])).toEqual([20, 85.1]);
    expect(through('filter_out 85°C', [185, 84, 185.0000000001], '°F')).toEqual([84]);
    expect(through('filter_out unknown on', ['unknown', 'open', true])).toEqual(['open']);
  });

  it('invert turns on and off round', () => {
    expect(through('invert', [true, false, 'on', 1])).toEqual([false, true, 'on', 1]);
  });

  it('map shows one value as another', () => {
    expect(through('map {0: closed, 1: open}', [0, 1, 2, '1'])).toEqual(['closed', 'open', 2, 'open']);
    expect(through('map {on: 1, off: 0}', [true, false])).toEqual([1, 0]);
    expect(through({ map: { true: 'yes' } }, [true, false])).toEqual(['yes', false]);
    expect(through('map {a: b}', [{ deep: 1 }])).toEqual([{ deep: 1 }]);
  });
});

describe('rate', () => {
  it('is the change per time', async () => {
    const { feed, taken } = openChain('rate 1min');
    await feed(10, 11, 13, 12);
    expect(taken()).toEqual([60, 120, -60]);
  });

  it('two readings at one moment have none', () => {
    expect(through('rate 1min', [1, 2, 3])).toEqual([]);
  });

  it('a counter that starts again gives nothing', async () => {
    const { feed, taken } = openChain('rate 1s counter');
    await feed(10, 12, 1, 4);
    expect(taken()).toEqual([2, 3]);
  });
});

describe('total', () => {
  it('adds up', async () => {
    const { feed, taken } = openChain('total ever');
    await feed(1, 2, 3.5);
    expect(taken()).toEqual([1, 3, 6.5]);
  });

  it('of the rises of a counter, over its restarts', async () => {
    const { feed, taken } = openChain('total ever rises');
    await feed(100, 105, 3, 4);
    expect(taken()).toEqual([0, 5, 8, 9]);
  });

  it('of value times hours', async () => {
    const { chain, clock, taken } = openChain('total ever hours');
    chain.push(1_000, 'good');
    await clock.advance(1_800_000);
    chain.push(500, 'good');
    await clock.advance(3_600_000);
    chain.push(0, 'good');
    expect(taken()).toEqual([0, 500, 1_000]);
  });

  it('starts again with the day of this node, and not when the clock is set back', async () => {
    const { chain, clock, taken } = openChain('total daily');
    chain.push(1, 'good');
    await clock.advance(11 * 3_600_000);
    chain.push(1, 'good');
    await clock.advance(2 * 3_600_000);
    chain.push(1, 'good');
    expect(taken()).toEqual([1, 2, 1]);
    clock.jump(-5 * 3_600_000);
    chain.push(1, 'good');
    expect(taken()).toEqual([2]);
  });

  it('starts again each hour', async () => {
    const { chain, clock, taken } = openChain('total hourly');
    chain.push(1, 'good');
    await clock.advance(3_599_000);
    chain.push(1, 'good');
    await clock.advance(1_000);
    chain.push(1, 'good');
    expect(taken()).toEqual([1, 2, 1]);
  });
});
