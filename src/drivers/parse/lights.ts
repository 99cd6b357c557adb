import type { FilesPort } from '../ports/ports.ts';
import { numberAttribute, rounded } from './attribute.ts';
import type { Place } from './folder-input.ts';
import { sysfsPlace } from './sysfs-place.ts';

export interface Light extends Place {
  /** As the kernel says it: `ACT`, `input3::capslock`. */
  readonly name: string;
}

/** All LEDs. The name is the identity; lights of keyboards carry a counted number, which their place replaces. */
export async function leds(files: FilesPort): Promise<readonly Light[]> {
  const lights: Light[] = [];
  for (const name of await files.list('/sys/class/leds')) {
    const folder = `/sys/class/leds/${name}`;
    const [, rest] = /^input\d+::(.+)$/.exec(name) ?? [];
    const real = rest === undefined ? undefined : await files.link(`${folder}/device`);
    const place = real === undefined ? 'input' : (sysfsPlace(real) ?? 'input');
    lights.push({ folder, name: rest ?? name, at: `led:${rest === undefined ? name : `${place}/${rest}`}` });
  }
  return lights;
}

/** All screen lights, by name. */
export async function backlights(files: FilesPort): Promise<readonly Light[]> {
  const names = await files.list('/sys/class/backlight');
  return names.map((name) => ({ name, folder: `/sys/class/backlight/${name}`, at: `backlight:${name}` }));
}

/** How bright it is in % of what it can, or why that cannot be said. */
export async function brightness(files: FilesPort, folder: string, signal: AbortSignal, file = 'brightness') {
  const max = await numberAttribute(files, `${folder}/max_brightness`, signal);
  const text = await files.text(`${folder}/${file}`, signal);
  const value = /^\d+$/.test(text.trim()) ? Number(text) : undefined;
  if (value === undefined || max === undefined || max <= 0) {
    return { quality: 'bad', why: `${folder} gives no brightness and maximum as numbers` } as const;
  }
  return rounded((value / max) * 100, 1);
}
