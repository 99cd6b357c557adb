import type { Verb } from '../../src/bus/requests.ts';
import { HanbusError } from '../../src/kit/errors.ts';
import type { ApplyAnswer, ConfirmAnswer, SchemeAnswer } from '../../src/schemes/contracts.ts';

/** The time of all that a fake node says. */
const NOW = Date.UTC(2026, 10, 22, 10, 42, 7);

export const OLD_TEXT = 'node: kitchen\ndevices:\n  oled: ssd1306\n';
export const NOW_TEXT = 'node: kitchen\npublish: {every: 60s}\ndevices:\n  oled: ssd1306\n';

/** The scheme of the fake node, edited three times. */
export const SCHEME: SchemeAnswer = {
  hanbus: 'scheme/1',
  node: 'kitchen',
  main: '/etc/hanbus/hanbus.yaml',
  etag: '00000000000000c3',
  running: '00000000000000c3',
  files: [{ path: 'hanbus.yaml', bytes: NOW_TEXT.length, text: NOW_TEXT }],
  versions: [
    {
      ...{ number: 12, etag: '00000000000000a1', at: NOW - 86_400_000, source: 'file', who: '', bytes: 38 },
      files: ['hanbus.yaml'],
    },
    {
      ...{ number: 13, etag: '00000000000000b2', at: NOW - 3_600_000, source: 'apply', who: 'bob', bytes: 90 },
      files: ['hanbus.yaml', 'rules/day.yaml'],
      takenBack: true,
    },
    {
      ...{ number: 14, etag: '00000000000000c3', at: NOW - 600_000, source: 'apply', who: 'ann', bytes: 60 },
      files: ['hanbus.yaml'],
    },
  ],
};

const none = { added: [], changed: [], removed: [], unchanged: 0 };

/** What applying something would mean. */
export const CHANGES: NonNullable<ApplyAnswer['changes']> = {
  devices: { added: ['pump'], changed: ['air'], removed: ['oled'], unchanged: 7 },
  rules: { added: [], changed: ['water'], removed: [], unchanged: 3 },
  ...{ scenes: none, groups: none, home: none },
  parts: ['publish'],
};

export const APPLIED: ApplyAnswer = {
  hanbus: 'apply/1',
  ...{ node: 'kitchen', ok: true, etag: '00000000000000d4', dryRun: false, files: ['hanbus.yaml'], problems: [] },
  changes: CHANGES,
  version: {
    ...{ number: 15, etag: '00000000000000d4', at: NOW, source: 'apply', who: 'ann', bytes: 40 },
    files: ['hanbus.yaml'],
  },
  kept: true,
};

const CONFIRMED: ConfirmAnswer = {
  ...{ hanbus: 'confirm/1', node: 'kitchen', etag: '00000000000000d4', outcome: 'confirmed', at: NOW },
  why: 'confirmed by ann',
};

export const SCHEME_CANNED: Readonly<Record<'apply' | 'confirm' | 'revert' | 'save' | 'scheme', Verb>> = {
  apply: async ({ dryRun, confirm, files }) => {
    if (files === undefined) return { ...APPLIED, files: [], version: undefined };
    const waits = confirm === 0 || dryRun === true ? {} : { confirmWithinMs: Number(confirm) * 1_000 };
    return { ...APPLIED, dryRun: dryRun === true, ...waits };
  },
  confirm: async ({ etag }) => {
    if (etag === CONFIRMED.etag) return CONFIRMED;
    throw new HanbusError('HB391', 'no scheme waits for its confirmation', { fix: 'hanbus config versions' });
  },
  revert: async () => ({
    ...APPLIED,
    version: { ...APPLIED.version, source: 'undo', of: 12 },
  }),
  save: async ({ dryRun }) => {
    const saved = ['fridge', 'garden'];
    return dryRun === true ? { ...APPLIED, dryRun, version: undefined, saved } : { ...APPLIED, saved };
  },
  scheme: async ({ version }) => {
    if (version === undefined) return SCHEME;
    const found = SCHEME.versions.find(({ number, etag }) => number === version || etag === version);
    if (found === undefined) throw new HanbusError('HB396', `there is no version ${JSON.stringify(version)}`);
    return {
      ...SCHEME,
      version: found.number,
      files: [{ path: 'hanbus.yaml', bytes: OLD_TEXT.length, text: found.number === 14 ? NOW_TEXT : OLD_TEXT }],
    };
  },
};
