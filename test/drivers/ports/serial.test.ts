import { describe, expect, test } from 'vitest';
import { makeSerialPort } from '../../../src/drivers/ports/serial.ts';
import { makeRaw, TERMIOS_BYTES } from '../../../src/drivers/ports/termios.ts';
import { makeSystemClock } from '../../../src/kit/clock.ts';
import { openPty } from './pty.ts';

/** Waits until the kernel has brought what was sent. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a serial port of the kernel', () => {
  test('bytes pass as they are, in both directions', async () => {
    const pty = await openPty();
    const port = await makeSerialPort(makeSystemClock()).open(pty.path, { baud: 4_800 });
    pty.say('\u0003\r\u001a');
    expect([...(await port.take(3, 1_000))]).toEqual([3, 13, 26]);
    await port.write(Uint8Array.of(0x04, 0x0d, 0x0a, 0x66));
    let heard = '';
    await until(() => {
      heard += pty.heard();
      return heard.length === 4;
    });
    expect([...Buffer.from(heard, 'latin1')]).toEqual([4, 13, 10, 0x66]);
    await port.close();
    await port.close();
    pty.unplug();
  });

  test('lines come whole, without the first that may have begun before', async () => {
    const pty = await openPty();
    const port = await makeSerialPort(makeSystemClock()).open(pty.path, { baud: 9_600 });
    const lines: string[] = [];
    port.lines({ line: (text) => lines.push(text), fail: () => undefined });
    pty.say('=12.1\nT=12.3');
    pty.say(' H=81\r\nT=12.4 H=82\nT=');
    await until(() => lines.length === 2);
    expect(lines).toEqual(['T=12.3 H=81', 'T=12.4 H=82']);
    await port.close();
    pty.unplug();
  });

  test('unplugged: the listener hears of it, and writing is Unavailable', async () => {
    const pty = await openPty();
    const port = await makeSerialPort(makeSystemClock()).open(pty.path, { baud: 9_600 });
    const failures: unknown[] = [];
    port.bytes({ waiting: () => undefined, fail: (error) => failures.push(error) });
    pty.unplug();
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([{ name: 'Unavailable', code: 'HB106' }]);
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'HB106' });
    await expect(port.take(1, 1_000)).rejects.toMatchObject({ code: 'HB106' });
    await port.close();
  });

  test('what is not there, and what is no serial port', async () => {
    const port = makeSerialPort(makeSystemClock());
    await expect(port.open('/dev/ttyUSB99', { baud: 9_600 })).rejects.toMatchObject({
      code: 'HB106',
      message: 'cannot open /dev/ttyUSB99: nothing is plugged in',
    });
    await expect(port.open('/dev/null', { baud: 9_600 })).rejects.toMatchObject({ name: 'OptionsError' });
  });
});

test('raw means: eight bits, no echo, no flow control, any speed', () => {
  const before = new Uint8Array(TERMIOS_BYTES).fill(0xff);
  const after = new DataView(makeRaw(before, 4_800).buffer);
  expect([0, 4, 12].map((at) => after.getUint32(at, true))).toEqual([0, 0, 0]);
  const control = after.getUint32(8, true);
  // CS8, CREAD, CLOCAL, BOTHER are on; CSTOPB, PARENB, CRTSCTS are off.
  expect([control & 0x30, control & 0x80, control & 0x800, control & 0x100f]).toEqual([0x30, 0x80, 0x800, 0x1000]);
  expect([control & 0x40, control & 0x100, (control & 0x80000000) >>> 0]).toEqual([0, 0, 0]);
  expect([after.getUint32(36, true), after.getUint32(40, true)]).toEqual([4_800, 4_800]);
});
