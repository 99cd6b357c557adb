import { hostname } from 'node:os';
import { makeCameraPort } from '../drivers/ports/camera.ts';
import { makeFilesPort } from '../drivers/ports/files.ts';
import { makeGpioPort } from '../drivers/ports/gpio.ts';
import { makeGpioLinesPort } from '../drivers/ports/gpio-lines.ts';
import { makeI2cPort } from '../drivers/ports/i2c.ts';
import { makeOneWirePort, writeAttribute } from '../drivers/ports/one-wire.ts';
import type { Ports } from '../drivers/ports/ports.ts';
import { makeProcessPort } from '../drivers/ports/process.ts';
import { makePwmPort } from '../drivers/ports/pwm.ts';
import { makeSerialPort } from '../drivers/ports/serial.ts';
import { makeTimeSyncPort } from '../drivers/ports/time-sync.ts';
import { type Clock, makeSystemClock } from '../kit/clock.ts';

/** The machine a node runs on. The demo passes a simulated one. */
export interface Host {
  readonly name: string;
  readonly ports: Ports;
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
}

/** This very machine. */
export function makeHost(): Host {
  const files = makeFilesPort();
  const process = makeProcessPort();
  const clock = makeSystemClock();
  const chips = makeGpioPort();
  const ports = {
    camera: makeCameraPort({ process }),
    files,
    gpio: { ...chips, ...makeGpioLinesPort(chips, { clock }) },
    i2c: makeI2cPort({ clock, files }),
    oneWire: makeOneWirePort({ files, clock, write: writeAttribute }),
    process,
    pwm: makePwmPort({ files }),
    serial: makeSerialPort(clock),
    timeSync: makeTimeSyncPort({ files, process }),
  };
  return { name: hostname(), ports, clock, random: Math.random };
}
