import { Unavailable } from '../../kit/errors.ts';
import type { PointSpec } from '../../schemes/point.ts';
import type { OpenInput, Sample, Samples } from '../driver.ts';
import type { FilesPort } from '../ports/ports.ts';

/** A kernel folder that can be a device, under its identity. */
export interface Place {
  readonly at: string;
  readonly folder: string;
}

/** One point of such a folder. `read` may throw Unavailable. */
export interface Channel {
  readonly name: string;
  readonly spec: PointSpec;
  read(folder: string, signal: AbortSignal): Promise<Sample>;
}

export interface FolderSearch {
  readonly files: FilesPort;
  readonly at: string;
  /** All folders of this kind, now. */
  places(): Promise<readonly Place[]>;
}

export interface ChannelSearch extends FolderSearch {
  channels(folder: string): Promise<readonly Channel[]>;
}

interface Held {
  readonly folder: string;
  readonly real: string;
}

/**
 * The folder with the identity `at`, whenever it is asked for. The kernel numbers such folders in the order of finding,
 * so each time it makes sure that the number still belongs to the same device, and looks for it when not.
 * Throws Unavailable when the device is not there.
 */
export async function followFolder(search: FolderSearch): Promise<() => Promise<string>> {
  let held = await locate(search);
  return async () => {
    if ((await search.files.link(held.folder)) !== held.real) held = await locate(search);
    return held.folder;
  };
}

async function locate(search: FolderSearch): Promise<Held> {
  const { files, at } = search;
  const place = (await search.places()).find((one) => one.at === at);
  const real = place === undefined ? undefined : await files.link(place.folder);
  if (place === undefined || real === undefined) throw new Unavailable(`${at} is not there any more`);
  return { folder: place.folder, real };
}

/** Opens such a folder and reads its channels. One silent channel is `bad`; when all are silent it is Unavailable. */
export async function openFolder(search: ChannelSearch): Promise<OpenInput<string>> {
  const follow = await followFolder(search);
  const folder = await follow();
  const channels = await search.channels(folder);
  if (channels.length === 0) throw new Unavailable(`${search.at} has nothing to read in ${folder}`);
  return {
    points: Object.fromEntries(channels.map(({ name, spec }) => [name, spec])),
    read: async (signal) => await readAll(channels, await follow(), signal),
    close: async () => undefined,
  };
}

async function readAll(channels: readonly Channel[], folder: string, signal: AbortSignal): Promise<Samples<string>> {
  const samples: Record<string, Sample> = {};
  let answered = 0;
  let silent: Unavailable | undefined;
  for (const channel of channels) {
    const { name } = channel;
    try {
      samples[name] = await channel.read(folder, signal);
      answered += 1;
    } catch (error) {
      if (!(error instanceof Unavailable) || signal.aborted) throw error;
      silent ??= error;
      samples[name] = { quality: 'bad', why: error.message };
    }
  }
  if (answered === 0 && silent !== undefined) throw silent;
  return samples;
}
