import { describe, expect, test } from 'vitest';
import { checkPlace } from '../../src/schemes/check-place.ts';
import { checkUses } from '../../src/schemes/check-uses.ts';
import { freePinsNear, headerPin } from '../../src/schemes/header-pins.ts';
import type { PathProblem } from '../../src/schemes/path-problem.ts';

function judge(raw: unknown): readonly (string | undefined)[] {
  const problems: PathProblem[] = [];
  checkPlace(raw, ['at'], problems);
  return problems.flatMap(({ code, fix }) => [code, fix]);
}

test('the connector carries each GPIO line once, eight grounds and four supplies', () => {
  const pins = Array.from({ length: 40 }, (_, index) => headerPin(index + 1));
  const lines = pins.flatMap((pin) => (pin?.startsWith('gpio') ? [Number(pin.slice(4))] : []));
  expect(lines.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 28 }, (_, line) => line));
  expect(pins.filter((pin) => pin === 'GND')).toHaveLength(8);
  expect(pins.filter((pin) => pin === '5V' || pin === '3.3V')).toHaveLength(4);
  // Places that every wiring drawing shows.
  expect([1, 2, 6, 7, 11, 12, 40].map(headerPin)).toEqual(['3.3V', '5V', 'GND', 'gpio4', 'gpio17', 'gpio18', 'gpio21']);
  expect([headerPin(0), headerPin(41)]).toEqual([undefined, undefined]);
});

describe('a place', () => {
  test.each([
    'gpio0',
    'gpio27',
    'i2c-1:0x76',
    'i2c-10:0x03',
    '1wire:28-0316a2794cff',
    '/dev/ttyUSB0',
    'sim',
    'board',
    'hwmon:platform/coretemp.0',
    'iio:i2c-1:0x76/bme280',
    'spi0.0:adc',
  ])('%s is right', (at) => {
    expect(judge(at)).toEqual([]);
  });

  test.each([
    [17, 'HB223', 'at: gpio17'],
    [72, 'HB223', 'at: i2c-1:0x48'],
    [40, 'HB220', 'at: gpio21'],
    ['GPIO17', 'HB223', 'at: gpio17'],
    ['gpio017', 'HB223', 'at: gpio17'],
    ['BCM 4', 'HB223', 'at: gpio4'],
    ['gpio28', 'HB222', 'at: gpio1'],
    ['gpio99', 'HB222', 'at: gpio17'],
    ['pin 11', 'HB220', 'at: gpio17'],
    ['P1-12', 'HB220', 'at: gpio18'],
    ['physical 40', 'HB220', 'at: gpio21'],
    ['pin 6', 'HB220', 'at: gpio17'],
    ['pin 41', 'HB222', 'at: gpio17'],
    ['0x76', 'HB223', 'at: i2c-1:0x76'],
    ['i2c1:0x76', 'HB223', 'at: i2c-1:0x76'],
    ['/dev/i2c-1:0x76', 'HB223', 'at: i2c-1:0x76'],
    ['i2c-1:0x80', 'HB222', undefined],
    ['28-0316A2794CFF', 'HB223', 'at: 1wire:28-0316a2794cff'],
    ['ttyUSB0', 'HB223', 'at: /dev/ttyUSB0'],
    ['on the wall', 'HB223', 'hanbus scan'],
    ['', 'HB223', undefined],
    [null, 'HB223', undefined],
    [{ bus: 1, address: 0x76 }, 'HB223', 'at: i2c-1:0x76'],
  ])('%j is %s: %s', (at, code, fix) => {
    expect(judge(at)).toEqual([code, fix]);
  });
});

describe('places in use', () => {
  const use = (device: string, at: string) => ({ device, kind: 'relay', at });

  test('are told for the second device only, with free pins near it', () => {
    const [problem, ...others] = checkUses([use('a', 'gpio17'), use('b', 'gpio18'), use('c', 'gpio17')]);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'HB221', path: ['devices', 'c', 'at'], fix: 'at: gpio27' });
    expect(problem?.message).toBe('gpio17 is already used by a (relay)');
  });

  test('on a simulated port are free', () => {
    expect(checkUses([use('a', 'sim'), use('b', 'sim')])).toEqual([]);
  });

  test.each([
    ['i2c-1:0x76', 'gpio3', 'gpio3 is the clock line of i2c-1, used by a (relay)'],
    ['1wire:28-0316a2794cff', 'gpio4', 'gpio4 is the data line of the 1-wire bus, used by a (relay)'],
  ])('a bus at %s needs %s', (bus, pin, message) => {
    expect(checkUses([use('a', bus), use('b', pin)]).map((problem) => problem.message)).toEqual([message]);
  });

  test('free pins are never those of a bus or of boards that are plugged on', () => {
    for (let line = 0; line <= 27; line += 1) {
      const free = freePinsNear(line, new Set([line]));
      expect(free).toHaveLength(3);
      expect(free.filter((pin) => ['gpio0', 'gpio1', 'gpio2', 'gpio3', 'gpio14', `gpio${line}`].includes(pin))).toEqual(
        [],
      );
    }
  });
});
