import { Unavailable } from '../../kit/errors.ts';
import type { Sample } from '../driver.ts';
import type { FilesPort } from '../ports/ports.ts';

/** The text of a kernel attribute without the space around it; undefined when it is not there or gives no answer. */
export async function attribute(files: FilesPort, path: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const text = (await files.text(path, signal)).trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}

const controls = /[\p{Cc}\p{Cf}\u2028\u2029\uFFFD]+/gu;

/** Text from outside as one line that can be shown: no control characters, 64 characters at most. */
export function plainWords(text: string): string {
  return text.replace(controls, ' ').trim().slice(0, 64);
}

/** A name or label that a device or a driver gives; undefined when it gives none. */
export async function labelAttribute(
  files: FilesPort,
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const text = plainWords((await attribute(files, path, signal)) ?? '');
  return text === '' ? undefined : text;
}

const decimal = /^[+-]?\d{1,20}(?:\.\d{1,12})?$/;

/** A plain decimal number as the kernel writes it; undefined for anything else. */
export function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && decimal.test(text.trim()) ? Number(text) : undefined;
}

export async function numberAttribute(
  files: FilesPort,
  path: string,
  signal?: AbortSignal,
): Promise<number | undefined> {
  return numberIn(await attribute(files, path, signal));
}

/** Rounded to `decimals`, so that 0.1 + 0.2 does not show. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

export interface Scaling {
  /** What the number in the file is multiplied by. */
  readonly scale?: number;
  readonly offset?: number;
  readonly decimals: number;
}

/** One attribute as a sample: a number, or `bad` with the reason. Throws Unavailable when the file gives no answer. */
export async function sampleIn(
  files: FilesPort,
  path: string,
  { scale = 1, offset = 0, decimals }: Scaling,
  signal?: AbortSignal,
): Promise<Sample> {
  const text = (await files.text(path, signal)).trim();
  const value = numberIn(text);
  if (value === undefined) return { quality: 'bad', why: `${path} says "${plainWords(text)}", which is no number` };
  return rounded((value + offset) * scale, decimals);
}
