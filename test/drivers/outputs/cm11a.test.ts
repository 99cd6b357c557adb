import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/outputs/cm11a.ts';
import { addressCode, functionCode, parseX10 } from '../../../src/drivers/parse/x10.ts';
import { Cm11aModel } from '../../../src/drivers/ports/simulated/cm11a.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const OPTIONS = { at: '/dev/ttyUSB0', lamps: { porch: 'A1', hall: 'A2' } };
/** A1 is house 6, unit 6; A2 unit e. Functions: on 2, off 3, all lights on 1. */
const [A1, A2, A_ON, A_OFF] = [0x66, 0x6e, 0x62, 0x63];

async function withInterface(initial = {}) {
  const bench = makeBench();
  const model = new Cm11aModel(bench.clock);
  bench.serial.plug('/dev/ttyUSB0', model);
  return { bench, model, ...(await onBench(bench, driver, OPTIONS, initial)) };
}

describe('cm11a', () => {
  test('switches a lamp: address, then function', async () => {
    const { write, model } = await withInterface();
    expect(await write('hall', true)).toEqual({ hall: true });
    expect(await write('porch', false)).toEqual({ porch: false });
    expect(model.sent).toEqual([
      [A2, A_ON],
      [A1, A_OFF],
    ]);
  });

  test('a wrong checksum: the frame is sent again, and nothing twice', async () => {
    const { write, model } = await withInterface();
    model.wrongChecksums = 2;
    await write('hall', true);
    expect(model.sent).toEqual([[A2, A_ON]]);
  });

  test('checksums that are never right are Unavailable, and the lamp was not switched', async () => {
    const { write, model } = await withInterface();
    model.wrongChecksums = 100;
    await expect(write('hall', true)).rejects.toMatchObject({ name: 'Unavailable', code: 'HB146' });
    expect(model.sent).toEqual([]);
  });

  test('no answer is Unavailable, and later it works again', async () => {
    const { write, model } = await withInterface();
    model.isMute = true;
    await expect(write('hall', true)).rejects.toMatchObject({ name: 'Unavailable', code: 'HB143' });
    model.isMute = false;
    expect(await write('hall', true)).toEqual({ hall: true });
  });

  test('a remote control is heard', async () => {
    const { bench, model, heard } = await withInterface();
    // Address A2, function on.
    model.receive(0b10, [A2, A_ON]);
    await bench.clock.advance(3_000);
    expect(heard).toEqual([{ hall: true, received: 'A2 on' }]);
  });

  test('addresses add up until a function; whole houses; dim levels and strange units', async () => {
    const { bench, model, heard } = await withInterface();
    model.receive(0b0100, [A1, A2, A_OFF]);
    await bench.clock.advance(3_000);
    model.receive(0b1, [0x61]);
    await bench.clock.advance(3_000);
    // A3 (6/2) dimmed by a level that looks like an address, then A1 on.
    model.receive(0b10010, [0x62, 0x64, A1, A1, A_ON]);
    await bench.clock.advance(3_000);
    expect(heard).toEqual([
      { porch: false, hall: false, received: 'A1,A2 off' },
      { porch: true, hall: true, received: 'A all lights on' },
      { received: 'A3 dim' },
      { porch: true, received: 'A1 on' },
    ]);
  });

  test('what comes while it sends is heard too', async () => {
    const { bench, model, heard, write } = await withInterface();
    const sending = write('porch', true);
    model.receive(0b10, [A2, A_ON]);
    await sending;
    await bench.clock.advance(3_000);
    expect(model.sent).toEqual([[A1, A_ON]]);
    expect(heard).toEqual([{ hall: true, received: 'A2 on' }]);
  });

  test('after a power cut it gets the time', async () => {
    const { bench, model, write } = await withInterface();
    model.powerFailed();
    await bench.clock.advance(3_000);
    expect(model.isClockSet).toBe(true);
    await write('hall', true);
    expect(model.sent).toEqual([[A2, A_ON]]);
  });

  test('lamps with a safe value are switched when it is opened', async () => {
    const { model, heard } = await withInterface({ hall: false });
    expect(model.sent).toEqual([[A2, A_OFF]]);
    expect(heard).toEqual([{ hall: false }]);
  });

  test('unplugged is told once; closed it leaves no timer', async () => {
    const { bench, failures, open } = await withInterface();
    bench.serial.unplug('/dev/ttyUSB0');
    expect(failures).toMatchObject([{ code: 'HB106' }]);
    await open.close();
    await open.close();
    expect(bench.clock.pending).toBe(0);
  });

  test.each([
    [{ hall: 'Q1' }, 'lamps: hall: "Q1" is no X10 address'],
    [{ hall: 'A17' }, 'lamps: hall: "A17" is no X10 address'],
    [{ Hall: 'A1' }, 'lamps: "Hall" cannot be the name of a lamp'],
    [{}, 'lamps: there is none'],
  ])('lamps %j', async (lamps, message) => {
    const bench = makeBench();
    await expect(onBench(bench, driver, { ...OPTIONS, lamps })).rejects.toMatchObject({
      name: 'OptionsError',
      message,
    });
  });
});

test('codes of houses and units', () => {
  // The published table: A=6, B=E, M=0, P=C; 1=6, 2=E, 13=0, 16=C.
  const codes = ['A1', 'B2', 'M13', 'P16'].map((text) => addressCode(parseX10(text) ?? { house: 'C', unit: 3 }));
  expect(codes).toEqual([0x66, 0xee, 0x00, 0xcc]);
  expect(functionCode('A', 'dim')).toBe(0x64);
});
