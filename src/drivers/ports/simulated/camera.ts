import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { Unavailable } from '../../../kit/errors.ts';
import type { CameraPort } from '../camera-shot.ts';

export interface SimulatedCamera extends CameraPort {
  /** It does not answer any more. */
  unplug(): void;
  plug(): void;
}

export interface SimulatedCameraOptions {
  /** How bright it is, 0 to 1. */
  readonly light: () => number;
  /** The folder of its pictures; made when it is not given. */
  readonly folder?: string;
}

/** Paints a door in the light of the moment, as a real picture file. */
export function makeSimulatedCamera({ light, folder }: SimulatedCameraOptions): SimulatedCamera {
  let isPlugged = true;
  let place: Promise<string> | undefined;
  return {
    shoot: async ({ width, height }, signal) => {
      signal?.throwIfAborted();
      if (!isPlugged) throw new Unavailable('rpicam-still took no picture: no cameras available');
      place ??= folder === undefined ? mkdtemp(join(tmpdir(), 'hanbus-camera-')) : Promise.resolve(folder);
      const file = join(await place, 'door.png');
      const bytes = paint(width, height, light());
      await writeFile(file, bytes, { mode: 0o600 });
      return { file, type: 'image/png', bytes: bytes.length };
    },
    unplug: () => {
      isPlugged = false;
    },
    plug: () => {
      isPlugged = true;
    },
  };
}

/** A grey picture with a darker door in it. Source of the format: PNG specification, third edition, 5 and 11. */
function paint(width: number, height: number, light: number): Buffer {
  const wall = Math.round(40 + 200 * Math.min(1, Math.max(0, light)));
  const row = Buffer.alloc(width + 1, wall);
  row[0] = 0;
  const door = Buffer.from(row).fill(Math.round(wall / 2), 1 + Math.round(width * 0.4), 1 + Math.round(width * 0.6));
  const rows = Array.from({ length: height }, (_, y) => (y < height * 0.3 ? row : door));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of grey.
  header.writeUInt8(8, 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
