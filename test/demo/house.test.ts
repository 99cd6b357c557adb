import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { houseAt, noise } from '../../src/demo/house.ts';

const anyTime = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });

describe('houseAt', () => {
  it('is the same at the same time, plausible at any time, and has no jumps', () => {
    fc.assert(
      fc.property(anyTime, (now) => {
        const house = houseAt(now);
        expect(houseAt(now)).toEqual(house);
        for (const [name, low, high] of [
          ['outside', -5, 30],
          ['kitchen', 15, 30],
          ['fridge', 1, 9],
          ['processor', 35, 80],
          ['humidity', 20, 100],
          ['pressure', 980, 1_040],
          ['light', 0, 12_000],
          ['battery', 40, 100],
        ] as const) {
          expect(house[name], name).toBeGreaterThanOrEqual(low);
          expect(house[name], name).toBeLessThanOrEqual(high);
        }
        expect(Math.abs(houseAt(now + 1_000).kitchen - house.kitchen)).toBeLessThan(0.05);
      }),
    );
  });

  it('is warmer in the afternoon than before dawn, and dark at night', () => {
    const day = Date.UTC(2026, 5, 1);
    const at = (hour: number) => houseAt(day + hour * 3_600_000);
    expect(at(15).outside).toBeGreaterThan(at(4).outside + 5);
    expect(at(13).light).toBeGreaterThan(1_000);
    expect(at(2).light).toBeLessThan(5);
  });
});

describe('noise', () => {
  it('stays within -1 and 1', () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 1, max: 20 }), (now, seed) => {
        expect(Math.abs(noise(now, 1_000, seed))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
