import { access, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsent } from '../kit/errors.ts';
import type { CliFiles } from './world.ts';

/** The files of this machine. */
export const diskFiles: CliFiles = {
  async text(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },
  async exists(path) {
    try {
      await access(path);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  },
  async names(folder) {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  },
  async write(path, text) {
    await mkdir(dirname(path), { recursive: true });
    const target = await realpath(path).catch(() => path);
    const mode = await stat(target).then(
      (facts) => facts.mode & 0o777,
      () => 0o644,
    );
    const aside = `${target}.${process.pid}.new`;
    try {
      await writeFile(aside, text, { mode, flag: 'wx' });
      await rename(aside, target);
    } finally {
      await rm(aside, { force: true });
    }
  },
};
