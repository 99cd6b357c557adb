import { makeAds1115Model } from '../../src/drivers/ports/simulated/ads1115.ts';
import { Cm11aModel } from '../../src/drivers/ports/simulated/cm11a.ts';
import type { I2cFault } from '../../src/drivers/ports/simulated/i2c.ts';
import { makeSsd1306Model } from '../../src/drivers/ports/simulated/ssd1306.ts';
import type { Value } from '../../src/schemes/reading.ts';
import { type Bench, makeBench } from '../fakes/bench.ts';

/** Something that goes wrong on the bench, and how it is mended. */
export interface Trouble {
  readonly name: string;
  begin(): void;
  end(): void;
  /** The device may go on telling, but only what it marks as bad. */
  readonly mayTell?: boolean;
}

/** A driver's hardware on the bench. */
export interface Place {
  readonly bench: Bench;
  readonly troubles: readonly Trouble[];
  /** Makes the hardware say something; only for what listens. */
  readonly stir?: () => Promise<void>;
  /** A command it must be able to carry out. */
  readonly order?: readonly [point: string, value: Value];
}

/** The hardware of every driver that does not live from the kernel's files alone, by kind. */
export const PLACES: Readonly<Record<string, () => Place>> = {
  ads1115: () => {
    const bench = makeBench();
    const at = { bus: 'i2c-1', address: 0x48 };
    bench.i2c.put(at, makeAds1115Model(bench.clock, [1, 2, 3, 0.5]));
    return { bench, troubles: i2cTroubles(bench, at) };
  },
  bme280: () => {
    const bench = makeBench();
    return { bench, troubles: i2cTroubles(bench, { bus: 'i2c-1', address: 0x76 }) };
  },
  button: () => withLine(22, [false, undefined]),
  buzzer: () => withLine(18, [], ['tone', 880]),
  camera: () => {
    const bench = makeBench();
    const trouble = { name: 'unplugged', begin: () => bench.camera.unplug(), end: () => bench.camera.plug() };
    return { bench, troubles: [trouble], order: ['take', true] };
  },
  cm11a: () => {
    const bench = makeBench();
    const model = new Cm11aModel(bench.clock);
    const stir = async () => {
      model.receive(0b10, [0x66, 0x62]);
      await bench.clock.advance(3_000);
    };
    const set = (key: 'isMute' | 'wrongChecksums', bad: boolean | number, good: boolean | number) => ({
      begin: () => void Object.assign(model, { [key]: bad }),
      end: () => void Object.assign(model, { [key]: good }),
    });
    const troubles = [
      { name: 'silent', ...set('isMute', true, false) },
      { name: 'wrong checksums', ...set('wrongChecksums', 1_000, 0) },
      cable(bench, '/dev/ttyUSB0', model),
    ];
    bench.serial.plug('/dev/ttyUSB0', model);
    return { bench, troubles, stir, order: ['porch', true] };
  },
  pir: () => withLine(4, [true, false]),
  pulse: () => withLine(23, [false, undefined]),
  relay: () => withLine(17, [], ['state', true]),
  serial: () => {
    const bench = makeBench();
    let say: (bytes: Uint8Array) => void = () => undefined;
    const board = {
      opened: (to: typeof say) => {
        say = to;
      },
      hear: () => undefined,
      closed: () => undefined,
    };
    bench.serial.plug('/dev/ttyACM0', board);
    const print = (text: string) => say(new TextEncoder().encode(text));
    const garbage = { name: 'garbage', begin: () => print('\u0000\u00ff\n'.repeat(60)), end: () => undefined };
    const stir = async () => print('\nT=21.5 H=45\n');
    return { bench, troubles: [cable(bench, '/dev/ttyACM0', board), garbage], stir };
  },
  ssd1306: () => {
    const bench = makeBench();
    const at = { bus: 'i2c-1', address: 0x3c };
    bench.i2c.put(at, makeSsd1306Model());
    // All ones is the status of a display that is off: it is woken up, and cannot tell that nobody is there.
    const troubles = i2cTroubles(bench, at).filter(({ name }) => name !== 'garbage');
    return { bench, troubles, order: ['line2', 'Hello'] };
  },
};

function withLine(offset: number, levels: readonly (boolean | undefined)[], order?: Place['order']): Place {
  const bench = makeBench();
  const stir = async () => {
    for (const level of levels) {
      bench.gpio.drive(offset, level);
      await bench.clock.advance(2_000);
    }
  };
  const chip = { name: 'chip gone', begin: () => bench.gpio.unplug(), end: () => bench.gpio.plug() };
  return {
    bench,
    troubles: [chip],
    ...(levels.length === 0 ? {} : { stir }),
    ...(order === undefined ? {} : { order }),
  };
}

function i2cTroubles(bench: Bench, at: { readonly bus: string; readonly address: number }): readonly Trouble[] {
  const names: readonly I2cFault[] = ['busy', 'garbage', 'hang', 'nack'];
  return names.map((name) => ({
    name,
    mayTell: name === 'garbage',
    begin: () => bench.i2c.fault(at, name),
    end: () => bench.i2c.fault(at, undefined),
  }));
}

function cable(bench: Bench, path: string, endpoint: Parameters<Bench['serial']['plug']>[1]): Trouble {
  return { name: 'unplugged', begin: () => bench.serial.unplug(path), end: () => bench.serial.plug(path, endpoint) };
}
