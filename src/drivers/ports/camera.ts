import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemCode, Unavailable } from '../../kit/errors.ts';
import { InTurn } from '../../kit/in-turn.ts';
import type { CameraPort, Shot, ShotWish } from './camera-shot.ts';
import type { ProcessPort, Program, Ran } from './ports.ts';

const KEPT = 10;

/** The programs that take pictures, the best first, and how each is told. */
const PROGRAMS: readonly (readonly [Program, (wish: ShotWish, file: string) => readonly string[]])[] = [
  ['rpicam-still', still],
  ['libcamera-still', still],
  ['fswebcam', webcam],
];

export interface CameraWorld {
  readonly process: ProcessPort;
  /** Where the folder of the pictures is made; default: that of the system for temporary files. */
  readonly below?: string;
}

/** The cameras of this machine, by the programs of Raspberry Pi OS, or fswebcam for one on USB. One picture at a time. */
export function makeCameraPort({ process, below = tmpdir() }: CameraWorld): CameraPort {
  const turns = new InTurn();
  const kept: string[] = [];
  let folder: Promise<string> | undefined;
  let count = 0;
  return {
    shoot: (wish, signal) =>
      turns.run(async () => {
        // mkdtemp makes it for this user alone.
        folder ??= mkdtemp(join(below, 'hanbus-camera-'));
        count += 1;
        const file = join(await folder, `${count}.jpg`);
        await take(process, { wish, file }, signal);
        kept.push(file);
        for (const old of kept.splice(0, Math.max(0, kept.length - KEPT))) await rm(old, { force: true });
        return await shotAt(file);
      }),
  };
}

function still({ camera, width, height }: ShotWish, file: string): readonly string[] {
  const size = ['--width', String(width), '--height', String(height)];
  return ['--nopreview', '--camera', String(camera), '--timeout', '1000', ...size, '--output', file];
}

function webcam({ camera, width, height }: ShotWish, file: string): readonly string[] {
  return ['--quiet', '--no-banner', '--device', `/dev/video${camera}`, '--resolution', `${width}x${height}`, file];
}

interface Order {
  readonly wish: ShotWish;
  readonly file: string;
}

async function take(process: ProcessPort, { wish, file }: Order, signal?: AbortSignal): Promise<void> {
  for (const [program, argumentsOf] of PROGRAMS) {
    const ran = await runIfThere(process, program, argumentsOf(wish, file), signal);
    if (ran?.code === 0) return;
    if (ran !== undefined) {
      const why = ran.err.trim().split('\n').at(-1) ?? '';
      throw new Unavailable(`${program} took no picture: ${why === '' ? `exit code ${ran.code}` : why.slice(0, 200)}`);
    }
  }
  const fix = 'sudo apt install rpicam-apps-lite   # for a camera on USB: fswebcam';
  throw new Unavailable('no program for a camera is installed', { code: 'HB107', fix });
}

/** Undefined when the program is not installed. */
async function runIfThere(
  process: ProcessPort,
  program: Program,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Ran | undefined> {
  try {
    return await process.run(program, args, signal);
  } catch (error) {
    if (error instanceof Unavailable && systemCode(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

async function shotAt(file: string): Promise<Shot> {
  try {
    return { file, type: 'image/jpeg', bytes: (await stat(file)).size };
  } catch (error) {
    throw new Unavailable(`the camera wrote no picture: ${systemCode(error) ?? 'unknown'}`, { cause: error });
  }
}
