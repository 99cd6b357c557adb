import type { CodeFacts } from './code-facts.ts';

/** Devices and drivers. */
export const DEVICE_CODES: readonly CodeFacts[] = [
  {
    code: 'HB140',
    title: 'The options of a device cannot work',
    why: 'The driver understood the options, but nothing on this board fits them. It is not tried again until they change.',
    fix: 'Change the options; `hanbus scan` lists what is there.',
    example: 'hanbus scan',
    exit: 78,
  },
  {
    code: 'HB141',
    title: 'The device does not answer',
    why: 'The driver could not reach the device. It is tried again after 1 s, then less and less often, up to once a minute.',
    fix: 'Check power, cable and address. Nothing else is needed: it comes back by itself.',
  },
  {
    code: 'HB142',
    title: 'The device has ended',
    why: 'The device said goodbye, or there is nothing more to read from it.',
    fix: 'Nothing, if that was meant. Otherwise plug it in again.',
  },
  {
    code: 'HB143',
    title: 'No answer in time',
    why: 'One read took longer than the driver allows. It counts as failed; other devices are not delayed.',
    fix: 'Check the cable and the bus. A slow bus with many devices may need fewer reads: raise `publish: {every: ...}`.',
    exit: 75,
  },
  {
    code: 'HB144',
    title: 'The package for direct hardware access is missing',
    why: 'GPIO, I2C and SPI need the optional package koffi, which is not installed for this machine.',
    fix: 'Install again with optional packages.',
    example: 'npm ci --include=optional',
    exit: 69,
  },
  {
    code: 'HB145',
    title: 'A driver has a bug',
    why: 'The driver threw an error that it should not throw, or gave something that is not a reading. The log has the stack.',
    fix: 'Report it with the lines of `hanbus logs`. The device is tried again meanwhile.',
    example: 'hanbus logs --level error',
  },
  {
    code: 'HB146',
    title: 'The reading cannot be true',
    why: 'The value is outside what the sensor can measure, fails its checksum, or is a known error value. The last good value stays, with quality `bad`.',
    fix: 'Check power and wiring of the sensor. For a DS18B20, 85 °C means that it lost power, -127 °C that it is gone.',
  },
  {
    code: 'HB147',
    title: 'The device is quarantined',
    why: 'It failed or flooded again and again, so it is read only now and then, to protect the rest.',
    fix: 'Look at its reason, mend it, then scan again to try at once.',
    example: 'hanbus ls --long\nhanbus scan',
  },
  {
    code: 'HB148',
    title: 'The device was not free in time',
    why: 'A command waited for other work of the device, or for a device that is away, until its deadline. It was not carried out.',
    fix: 'Look at the state of the device, then send the command again.',
    example: 'hanbus ls --long',
  },
  {
    code: 'HB149',
    title: 'The point takes no commands',
    why: 'It is a reading: its driver cannot write it.',
    fix: 'Choose a point that can be set.',
    example: 'hanbus ls --long',
  },
];
