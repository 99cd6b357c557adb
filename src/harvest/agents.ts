import type { Agent } from './agent.ts';
import { agent as backlight } from './backlight.ts';
import { agent as board } from './board.ts';
import { agent as clock } from './clock.ts';
import { agent as disk } from './disk.ts';
import { agent as gpio } from './gpio.ts';
import { agent as hwmon } from './hwmon.ts';
import { agent as i2c } from './i2c.ts';
import { agent as iio } from './iio.ts';
import { agent as leds } from './leds.ts';
import { agent as network } from './network.ts';
import { agent as oneWire } from './one-wire.ts';
import { agent as power } from './power.ts';
import { agent as powerSupply } from './power-supply.ts';
import { agent as pwm } from './pwm.ts';
import { agent as rtc } from './rtc.ts';
import { agent as serial } from './serial.ts';
import { agent as services } from './services.ts';
import { agent as spi } from './spi.ts';
import { agent as thermal } from './thermal.ts';
import { agent as usb } from './usb.ts';

/** Every agent. They look at different corners, so their order does not matter; a test finds a forgotten one. */
export const AGENTS: readonly Agent[] = [
  backlight,
  board,
  clock,
  disk,
  gpio,
  hwmon,
  i2c,
  iio,
  leds,
  network,
  oneWire,
  power,
  powerSupply,
  pwm,
  rtc,
  serial,
  services,
  spi,
  thermal,
  usb,
];
