import { existsSync } from 'node:fs';
import { fingerprint, isStamped, writeStamp } from './fingerprint.mjs';
import { inRoot } from './root.mjs';

export const ENTRY = inRoot('src', 'cli', 'hanbus.ts');
export const BUNDLE = inRoot('dist', 'hanbus.mjs');

const STAMP = inRoot('dist', '.sources');
const SOURCES = ['src', 'package.json', 'package-lock.json', 'tools/bundle.mjs'];

/** What the bundle is made of. */
export const sourceMark = () => fingerprint(SOURCES.map((path) => inRoot(path)));

export const isBuilt = () => existsSync(BUNDLE) && isStamped(STAMP, sourceMark());

export const stampBuild = (mark) => writeStamp(STAMP, mark);
