import type { DriverContext, InputDriver, OpenInput, Sample } from '../../src/drivers/driver.ts';
import { makeBme280Model } from '../../src/drivers/ports/simulated/bme280.ts';
import { makeSimulatedCamera } from '../../src/drivers/ports/simulated/camera.ts';
import { makeSimulatedGpio } from '../../src/drivers/ports/simulated/gpio.ts';
import { makeSimulatedI2c } from '../../src/drivers/ports/simulated/i2c.ts';
import { makeSimulatedPwm } from '../../src/drivers/ports/simulated/pwm.ts';
import { makeSimulatedSerial } from '../../src/drivers/ports/simulated/serial.ts';
import type { Value } from '../../src/schemes/reading.ts';
import { type FakeClock, makeFakeClock } from './clock.ts';
import { driverContext, treePorts } from './tree-ports.ts';

/** A work bench: a Raspberry Pi whose lines, buses and cables the test holds in its hands. */
export function makeBench() {
  const clock = makeFakeClock();
  const gpio = makeSimulatedGpio({ clock });
  const i2c = makeSimulatedI2c(clock);
  const serial = makeSimulatedSerial(clock);
  const camera = makeSimulatedCamera({ light: () => 0.5 });
  const pwm = makeSimulatedPwm();
  const air = makeBme280Model(clock, { temperature: 21.5, pressure: 1013.2, humidity: 45 });
  i2c.put({ bus: 'i2c-1', address: 0x76 }, air);
  const ports = { ...treePorts('bare-vm'), camera, gpio, i2c, pwm, serial };
  return { camera, clock, gpio, i2c, serial, air, ports, pwm };
}

export type Bench = ReturnType<typeof makeBench>;

/** Waits for work that waits for the clock: lets 1 ms pass again and again, 20 s at most. */
export async function passing<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  work.then(settled, settled);
  for (let ms = 0; ms < 20_000 && !isSettled; ms += 1) {
    await clock.advance(1);
    // Real files answer in turns of the event loop.
    if (ms % 20 === 19) await new Promise((resolve) => setImmediate(resolve));
  }
  if (!isSettled) throw new Error('the work does not settle within 20 s');
  return await work;
}

/** A driver that is open on the bench. */
export interface OnBench {
  readonly open: OpenInput<string>;
  readonly heard: Readonly<Record<string, Sample | undefined>>[];
  readonly failures: unknown[];
  readonly read: () => Promise<Readonly<Record<string, Sample | undefined>>>;
  readonly write: (point: string, value: Value) => Promise<Readonly<Record<string, Sample | undefined>> | undefined>;
}

/** Opens a driver with decoded options, and has it listen where it can. */
export async function onBench(
  { clock, ports }: Bench,
  driver: InputDriver,
  options: object,
  initial: DriverContext['initial'] = {},
): Promise<OnBench> {
  const { signal } = new AbortController();
  // The erased driver takes decoded options only; tests write them decoded.
  const context = { ...driverContext(ports), clock, initial };
  const open = await passing(clock, driver.open(options as never, context));
  const heard: Readonly<Record<string, Sample | undefined>>[] = [];
  const failures: unknown[] = [];
  await passing(
    clock,
    Promise.resolve(
      open.listen?.(
        (samples) => heard.push(samples),
        (error) => failures.push(error),
      ),
    ),
  );
  return {
    open,
    heard,
    failures,
    read: async () => await passing(clock, Promise.resolve(open.read?.(signal) ?? {})),
    write: async (point, value) => await passing(clock, Promise.resolve(open.write?.({ point, value }, signal))),
  };
}
