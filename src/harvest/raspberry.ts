import { attribute } from '../drivers/parse/attribute.ts';
import type { FilesPort } from '../drivers/ports/ports.ts';

/** True on every Raspberry Pi, by its device tree. */
export async function isRaspberry(files: FilesPort): Promise<boolean> {
  const model = await attribute(files, '/proc/device-tree/model');
  return model?.startsWith('Raspberry Pi') ?? false;
}

export interface BootSwitch {
  /** Word of `raspi-config nonint`: `do_i2c`. */
  readonly verb: string;
  /** The same as a line of config.txt. */
  readonly line: string;
}

/** The command that turns a part of the board on: by the board's own tool, or else by its boot file and a new start. */
export async function turnOn(files: FilesPort, { verb, line }: BootSwitch): Promise<string> {
  if (await files.exists('/usr/bin/raspi-config')) return `sudo raspi-config nonint ${verb} 0`;
  return await addBootLine(files, line);
}

export async function addBootLine(files: FilesPort, line: string): Promise<string> {
  const hasNewPlace = (await files.exists('/boot/firmware')) || !(await files.exists('/boot/config.txt'));
  const file = hasNewPlace ? '/boot/firmware/config.txt' : '/boot/config.txt';
  return `echo ${line} | sudo tee -a ${file} && sudo reboot`;
}
