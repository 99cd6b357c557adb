import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeDemoPorts } from '../../src/demo/demo-host.ts';
import { CATALOG } from '../../src/drivers/catalog.ts';
import type { Sample } from '../../src/drivers/driver.ts';
import { decodeOptions } from '../../src/schemes/decode.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import type { DeviceText } from '../../src/schemes/scheme.ts';
import { passing } from '../fakes/bench.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { caseWorld } from '../schemes/case-world.ts';

/** The schemes that are made for the simulated house. */
const NAMES = ['doorbell', 'energy-meter', 'greenhouse', 'kitchen-oled', 'weather-station', 'x10-lamps'];
const MINUTE = 60_000;

async function open(
  kind: string,
  { at, options }: DeviceText,
  clock: FakeClock,
  ports: ReturnType<typeof makeDemoPorts>['ports'],
) {
  const file = await CATALOG[kind]?.();
  if (file === undefined) throw new Error(`no driver ${kind}`);
  const { driver } = file;
  const decoded = decodeOptions(driver.options, { ...(at === undefined ? {} : { at }), ...options });
  expect(decoded.problems).toEqual([]);
  const { signal } = new AbortController();
  const context = { ports, signal, clock, log: makeFakeLog().log, initial: {} };
  const opened = await passing(clock, driver.open(decoded.options as never, context));
  const heard: Record<string, Sample | undefined> = {};
  const emit = (samples: object) => void Object.assign(heard, samples);
  const failures: unknown[] = [];
  await passing(clock, Promise.resolve(opened.listen?.(emit, (error) => failures.push(error))));
  const read = async () => emit(await passing(clock, Promise.resolve(opened.read?.(signal) ?? {})));
  await read();
  const write = async (point: string, value: boolean | number | string) =>
    emit((await passing(clock, Promise.resolve(opened.write?.({ point, value }, signal)))) ?? {});
  return { opened, heard, failures, read, write };
}

/** The devices of one example in the simulated house. */
async function enter(name: string) {
  const clock = makeFakeClock();
  const news: string[] = [];
  const { ports, stop } = makeDemoPorts({ clock, speed: 60, onNews: (text) => news.push(text) });
  const loaded = await Promise.all(Object.values(CATALOG).map((load) => load()));
  const kinds = new Map(loaded.map(({ driver }) => [driver.kind, driver]));
  const { scheme } = await loadScheme({ ...caseWorld('examples', `${name}.yaml`), kinds, environment: {} });
  const devices = new Map<string, Awaited<ReturnType<typeof open>>>();
  for (const [device, text] of Object.entries(scheme?.devices ?? {})) {
    devices.set(device, await open(text.kind ?? '', text, clock, ports));
  }
  const device = (wanted: string) => {
    const found = devices.get(wanted);
    if (found === undefined) throw new Error(`no ${wanted} in ${name}`);
    return found;
  };
  const leave = async () => {
    for (const { opened } of devices.values()) await opened.close();
    stop();
    return clock.pending;
  };
  return { clock, news, devices, device, leave };
}

describe('the simulated house', () => {
  test('is the one of all its examples', () => {
    const all = readdirSync('examples').map((file) => file.replace('.yaml', ''));
    expect(all).toEqual(expect.arrayContaining(NAMES));
  });

  test.each(NAMES)('has every device of %s; none fails in ten minutes, and nothing is left behind', async (name) => {
    const { clock, devices, leave } = await enter(name);
    await clock.advance(10 * MINUTE);
    for (const { read } of devices.values()) await read();
    const failures = [...devices].filter(([, one]) => one.failures.length > 0);
    expect(failures.map(([device]) => device)).toEqual([]);
    const doubtful = [...devices.values()].flatMap(({ heard }) =>
      Object.values(heard).filter((sample) => typeof sample === 'object' && 'why' in sample),
    );
    expect(doubtful).toEqual([]);
    expect(await leave()).toBe(0);
  });

  test('the pump wets the soil, and without it the soil dries', async () => {
    const { clock, device, news, leave } = await enter('greenhouse');
    const [soil, pump] = [device('soil'), device('pump')];
    const volts = async () => {
      await soil.read();
      return Number(soil.heard.a0);
    };
    const before = await volts();
    await clock.advance(5 * MINUTE);
    const dry = await volts();
    expect(dry).toBeGreaterThan(before);
    await pump.write('state', true);
    await clock.advance(20_000);
    await pump.write('state', false);
    // 20 s of 2 % are 40 %, and 1.4 V are 100 %.
    expect(await volts()).toBeCloseTo(dry - 0.4 * 1.4, 1);
    expect(news).toEqual(['the pump runs', 'the pump stops']);
    await leave();
  });

  test('people press the button, and the lamp is seen', async () => {
    const { clock, device, news, leave } = await enter('kitchen-oled');
    await clock.advance(MINUTE);
    expect(device('button').heard).toMatchObject({ pressed: 'pressed', released: 'released', state: false });
    await device('lamp').write('state', true);
    expect(news).toEqual(['somebody presses the button', 'the lamp is on']);
    await leave();
  });

  test('people ring; the chime is heard, and the camera takes a real picture', async () => {
    const { clock, device, news, leave } = await enter('doorbell');
    await clock.advance(MINUTE);
    expect(device('bell').heard).toMatchObject({ pressed: 'pressed' });
    await device('chime').write('tone', 880);
    await device('chime').write('tone', 0);
    await device('cam').write('take', true);
    expect(device('cam').heard.photo).toMatchObject({ type: 'image/png', width: 1_280, height: 720 });
    expect(news).toEqual(['somebody rings at the door', 'the chime sounds', 'the chime is silent']);
    await leave();
  });

  test('motion, lamps on the power line, and a remote control', async () => {
    const { clock, device, news, leave } = await enter('x10-lamps');
    await device('x10').write('porch', true);
    await clock.advance(2 * MINUTE);
    expect(device('motion').heard).toMatchObject({ detected: 'detected' });
    expect(device('x10').heard).toMatchObject({ porch: true, hall: true, received: 'A2 on' });
    expect(news).toContain('X10 lamp A1 is on');
    await leave();
  });

  test('the meter counts, the weather changes', async () => {
    const meter = await enter('energy-meter');
    await meter.clock.advance(5 * MINUTE);
    await meter.device('mains').read();
    expect(Number(meter.device('mains').heard.power)).toBeGreaterThan(100);
    expect(Number(meter.device('mains').heard.energy)).toBeGreaterThan(0.01);
    await meter.leave();
    const roof = await enter('weather-station');
    const seen = new Set<unknown>();
    for (let minute = 0; minute < 5; minute += 1) {
      await roof.clock.advance(MINUTE);
      seen.add(roof.device('weather').heard.wind);
    }
    expect(seen.size).toBeGreaterThan(2);
    await roof.leave();
  });

  test('somebody trips over the cable of the weather station, and plugs it in again', async () => {
    const { clock, device, news, leave } = await enter('weather-station');
    await clock.advance(11.5 * MINUTE);
    expect(device('weather').failures).toMatchObject([{ name: 'Unavailable', code: 'HB106' }]);
    await clock.advance(MINUTE);
    expect(news).toEqual(['the cable of the weather station is pulled', 'the cable of the weather station is back']);
    await leave();
  });
});
