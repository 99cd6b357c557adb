import { describe, expect, it } from 'vitest';
import { makeDemoPorts } from '../../src/demo/demo-host.ts';
import { FAULTS, faultsAt } from '../../src/demo/faults.ts';
import { DEMO_SCHEME } from '../../src/demo/scheme.ts';
import { AGENTS } from '../../src/harvest/agents.ts';
import { runHarvest } from '../../src/harvest/harvest.ts';
import { CATALOGUE } from '../../src/node/kinds.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

const OUTSIDE = '/sys/bus/w1/devices/28-0416b1883d01/temperature';
const FRIDGE = '/sys/bus/w1/devices/28-0316a2794cff/temperature';
const LIGHT = '/sys/bus/iio/devices/iio:device1/in_illuminance_raw';

describe('the simulated board', () => {
  it('is found by the same agents as a real one', async () => {
    const clock = makeFakeClock();
    const { ports, stop } = makeDemoPorts({ clock, speed: 1 });
    const { reports, failed } = await runHarvest(AGENTS, { ports, clock, log: makeFakeLog().log });
    const kinds = [...reports.values()].flatMap(({ found }) => found.map(({ kind }) => kind)).sort();
    expect(kinds).toEqual([
      'board',
      'disk',
      'ds18b20',
      'ds18b20',
      'iio',
      'iio',
      'network',
      'power',
      'power-supply',
      'thermal',
    ]);
    expect([...failed]).toEqual([]);
    stop();
    expect(clock.pending).toBe(0);
  });

  it('lets things go wrong on schedule, and right again', async () => {
    const clock = makeFakeClock();
    const told: string[] = [];
    const onFault = ({ about }: { readonly about: string }, begins: boolean) =>
      void told.push(`${begins ? '+' : '-'} ${about}`);
    const { ports, stop } = makeDemoPorts({ clock, speed: 60, onFault });
    const { files } = ports;
    expect(Number(await files.text(OUTSIDE))).toBeGreaterThan(-10_000);
    await clock.advance(2.5 * 60_000);
    expect(await files.exists(OUTSIDE)).toBe(false);
    await clock.advance(1.5 * 60_000);
    expect(await files.exists(OUTSIDE)).toBe(true);
    await clock.advance(20_000);
    expect(await files.text(FRIDGE)).toBe('85000');
    await clock.advance(2 * 60_000);
    await expect(files.text(LIGHT)).rejects.toThrow(LIGHT);
    await clock.advance(60_000);
    expect(Number(await files.text(FRIDGE))).toBeLessThan(20_000);
    expect(Number(await files.text(LIGHT))).toBeGreaterThanOrEqual(0);
    expect(told.length % 2).toBe(0);
    expect(new Set(told).size).toBe(told.length);
    stop();
  });

  it('has every fault within a quarter of an hour', () => {
    const minutes = Array.from({ length: 16 * 4 }, (_unused, quarter) => faultsAt(quarter * 15_000)).flat();
    expect(new Set(minutes)).toEqual(new Set(FAULTS));
  });

  it('has a scheme without problems', async () => {
    const world = {
      main: 'demo.yaml',
      readText: async () => DEMO_SCHEME,
      expand: async () => [],
      kinds: await CATALOGUE.allKinds(),
      environment: {},
    };
    const { problems, scheme } = await loadScheme(world);
    expect(problems).toEqual([]);
    expect(Object.keys(scheme?.devices ?? {})).toEqual(['air', 'window', 'fridge', 'outside', 'button', 'lamp']);
  });
});
