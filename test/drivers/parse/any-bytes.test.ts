import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compensate, parseCalibration, parseRaw } from '../../../src/drivers/parse/bme280.ts';
import { parseLinePattern } from '../../../src/drivers/parse/line-pattern.ts';
import { addressCode, FUNCTIONS, functionCode, parseX10, X10Ear } from '../../../src/drivers/parse/x10.ts';
import { parseEvents } from '../../../src/drivers/ports/gpio-request-structs.ts';
import { SerialStream } from '../../../src/drivers/ports/serial-stream.ts';
import { makeFakeClock } from '../../fakes/clock.ts';

const bytes = (maxLength: number) => fc.uint8Array({ minLength: 0, maxLength });

describe('whatever the wire brings', () => {
  test('an X10 upload names only houses and units that there are', () => {
    fc.assert(
      fc.property(fc.array(bytes(9), { maxLength: 5 }), (uploads) => {
        const ear = new X10Ear();
        for (const { house, units, name } of uploads.flatMap((upload) => ear.upload([...upload]))) {
          expect(house).toMatch(/^[A-P]$/);
          expect(units.every((unit) => unit >= 1 && unit <= 16)).toBe(true);
          expect(FUNCTIONS).toContain(name);
        }
      }),
    );
  });

  test('what is sent to a unit is heard as just that', () => {
    const letters = fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOP'));
    fc.assert(
      fc.property(letters, fc.integer({ min: 1, max: 16 }), fc.constantFrom('on', 'off'), (house, unit, name) => {
        const address = parseX10(`${house}${unit}`);
        if (address === undefined) throw new Error('no address');
        const heard = new X10Ear().upload([0b10, addressCode(address), functionCode(house, name)]);
        expect(heard).toEqual([{ house, units: [unit], name }]);
      }),
    );
  });

  test('events of a line: one for each whole record, none invented', () => {
    fc.assert(
      fc.property(bytes(300), fc.integer({ min: 0, max: 1_000 }), (raw, seqno) => {
        const { edges } = parseEvents(raw, seqno);
        expect(edges.length).toBe(Math.floor(raw.length / 48));
        for (const { lost } of edges) expect(lost).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('a BME280 with any calibration and any result gives numbers or nothing, never an error', () => {
    const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(exactly(26), exactly(7), exactly(8), (low, high, result) => {
        const air = compensate(parseCalibration(low, high), parseRaw(result));
        for (const value of Object.values(air)) expect(['number', 'undefined']).toContain(typeof value);
        if (air.humidity !== undefined && !Number.isNaN(air.humidity)) {
          expect(air.humidity >= 0 && air.humidity <= 100).toBe(true);
        }
      }),
    );
  });

  test('a serial port cut anywhere gives the same lines', () => {
    const lines = fc.array(fc.stringMatching(/^[ -~]{0,40}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 }), (texts, cuts) => {
        const all = new TextEncoder().encode(`begun before\n${texts.map((text) => `${text}\n`).join('')}`);
        let feed: (part: Uint8Array) => void = () => undefined;
        const stream = new SerialStream('/dev/ttyUSB0', makeFakeClock(), (heard) => {
          feed = (part) => heard.bytes(part);
          return { write: async () => undefined, close: async () => undefined };
        });
        const heard: string[] = [];
        stream.lines({ line: (text) => heard.push(text), fail: () => undefined });
        for (let at = 0, cut = 0; at < all.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1;
          feed(all.subarray(at, at + size));
          at += size;
        }
        expect(heard).toEqual(texts);
      }),
    );
  });

  test('a port that nobody reads keeps the newest 4 kB', () => {
    let feed: (part: Uint8Array) => void = () => undefined;
    const stream = new SerialStream('/dev/ttyUSB0', makeFakeClock(), (heard) => {
      feed = (part) => heard.bytes(part);
      return { write: async () => undefined, close: async () => undefined };
    });
    for (let count = 0; count < 100; count += 1) feed(new Uint8Array(1_000).fill(count));
    expect(stream.waiting()).toBe(4_096);
  });

  test('any pattern either names what is wrong with it, or reads what it describes', () => {
    const piece = fc.constantFrom(
      'T=',
      ' ',
      '{a}',
      '{b:°C}',
      '{c:text}',
      ';',
      '(',
      '*',
      '{',
      '}',
      '{a:furlong}',
      '{A}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string({ maxLength: 60 }), (pieces, line) => {
        const pattern = pieces.join('');
        try {
          const values = parseLinePattern(pattern).read(line);
          if (values !== undefined) expect(Object.keys(values).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ name: 'OptionsError', code: 'HB140' });
        }
      }),
    );
  });
});
