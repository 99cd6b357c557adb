import { mkdtemp, rm } from 'node:fs/promises';
import { startApi } from '../../src/api/api.ts';
import { Bus } from '../../src/bus/bus.ts';
import { serveRequests, type Verb } from '../../src/bus/requests.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import { HanbusError } from '../../src/kit/errors.ts';
import type { DeviceAnswer, ListAnswer, PointAnswer, ScanAnswer, StatusAnswer } from '../../src/schemes/contracts.ts';
import { BROKER, CLIENT, CLIENTS } from './broker-answers.ts';
import { answerHistory } from './history-answers.ts';
import { makeFakeLog } from './log.ts';
import { OUTBOX } from './outbox-answer.ts';
import { REPLAY, RULES, WHY_POINT, WHY_RULE } from './rule-answers.ts';
import { SCHEME_CANNED } from './scheme-answers.ts';

/** The time of all that a fake node says. */
export const FAKE_NOW = Date.UTC(2026, 10, 22, 10, 42, 7);

/** A node with canned answers behind a real socket: what the command line talks to in its tests. */
export interface FakeNode {
  readonly bus: Bus;
  readonly runtime: string;
  /** What was asked, in order. */
  readonly asked: { readonly verb: string; readonly args: Readonly<Record<string, unknown>> }[];
  /** Puts another answer in place of the canned one. */
  answer(verb: string, answer: Verb): void;
  publish(topic: string, payload: string): void;
  stop(): Promise<void>;
}

export async function startFakeNode(): Promise<FakeNode> {
  const runtime = await mkdtemp('/tmp/hanbus-fake-');
  const bus = new Bus((error) => {
    throw error;
  });
  const clock = { ...makeSystemClock(), now: () => FAKE_NOW };
  const { log } = makeFakeLog();
  const api = await startApi({ bus, node: 'kitchen', clock, log, socketPath: `${runtime}/api.sock` });
  const asked: FakeNode['asked'] = [];
  const answers: Record<string, Verb> = { ...CANNED };
  const verbs = Object.fromEntries(
    [...Object.keys(CANNED), 'stop'].map((verb): [string, Verb] => [
      verb,
      async (args, meta) => {
        const { id: _, ...rest } = args;
        asked.push({ verb, args: rest });
        const answer = answers[verb];
        if (answer !== undefined) return await answer(rest, meta);
        setTimeout(() => void stop(), 20);
        return { stopping: true };
      },
    ]),
  );
  serveRequests({ bus, node: 'kitchen', origin: 'fake', verbs, log });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= api.stop().then(() => rm(runtime, { recursive: true, force: true }));
    return stopping;
  };
  return {
    bus,
    runtime,
    asked,
    answer: (verb, answer) => void Object.assign(answers, { [verb]: answer }),
    publish: (topic, payload) => void bus.publish({ topic, payload, origin: 'fake' }),
    stop,
  };
}

function point(device: string, name: string, more: Partial<PointAnswer>): PointAnswer {
  return {
    name,
    topic: `hanbus/kitchen/${device}/${name}`,
    type: 'number',
    value: null,
    text: '–',
    quality: 'good',
    time: FAKE_NOW - 2_000,
    ageMs: 2_000,
    ...more,
  };
}

const BOARD: DeviceAnswer = {
  name: 'board',
  kind: 'board',
  at: 'board',
  group: 'board',
  about: 'Raspberry Pi 4B',
  state: 'ready',
  origin: 'harvest',
  provenance: { source: '/proc', why: 'every Linux has it' },
  points: [
    point('board', 'load', { value: 0.42, text: '0.42' }),
    point('board', 'memory', { value: 31, unit: '%', text: '31 %' }),
    point('board', 'uptime', { value: 360, unit: 's', text: '360 s', ageMs: 400 }),
  ],
};

const DISK: DeviceAnswer = {
  name: 'disk_root',
  kind: 'disk',
  at: 'mount:/',
  group: 'board',
  about: 'ext4 on /',
  state: 'ready',
  origin: 'harvest',
  provenance: { source: '/proc/self/mountinfo', why: 'a file system on a block device' },
  points: [point('disk_root', 'free', { value: 21.3, unit: 'GB', text: '21.3 GB', ageMs: 45_000 })],
};

const FRIDGE: DeviceAnswer = {
  name: 'fridge',
  kind: 'ds18b20',
  at: '1wire:28-0316a2794cff',
  group: '1-wire',
  about: 'DS18B20 thermometer',
  state: 'ready',
  origin: 'file',
  provenance: { source: '/sys/bus/w1/devices/28-0316a2794cff', why: 'family code 28 is a DS18B20' },
  points: [
    point('fridge', 'temperature', {
      value: 4.1,
      unit: '°C',
      text: '4.1 °C',
      quality: 'bad',
      why: '85 °C is what it says after losing power',
      ageMs: 130_000,
    }),
  ],
};

const OUTSIDE: DeviceAnswer = {
  ...FRIDGE,
  name: 'outside',
  at: '1wire:28-0416b1883d01',
  state: 'lost',
  why: 'unplugged 4 min ago',
  origin: 'harvest',
  points: [
    point('outside', 'temperature', {
      value: 9.3,
      unit: '°C',
      text: '9.3 °C',
      quality: 'stale',
      why: 'no news for 4 min',
      ageMs: 240_000,
    }),
  ],
};

export const LIST: ListAnswer = { hanbus: 'list/1', node: 'kitchen', devices: [BOARD, DISK, FRIDGE, OUTSIDE] };

const SEEN: ScanAnswer['seen'] = [
  {
    group: 'i2c-1',
    what: '0x3c answers; probably an SSD1306 screen',
    source: '/dev/i2c-1',
    why: 'a guess is not used until you say so',
  },
  {
    group: 'spi',
    what: 'off',
    source: '/sys/bus/spi/devices',
    why: 'no SPI bus is enabled',
    fix: 'sudo dtparam spi=on',
    code: 'HB104',
  },
];

export const SCAN: ScanAnswer = {
  hanbus: 'scan/1',
  node: 'kitchen',
  devices: [
    ...[BOARD, DISK, FRIDGE].map(({ name, kind, at, group, about = '', provenance }) => {
      return {
        name,
        kind,
        at,
        group,
        about,
        certainty: 'sure' as const,
        provenance,
        ...(name === 'fridge' ? { change: 'new' as const } : {}),
      };
    }),
    {
      name: 'outside',
      kind: 'ds18b20',
      at: OUTSIDE.at,
      group: '1-wire',
      certainty: 'sure',
      change: 'gone',
      provenance: OUTSIDE.provenance,
    },
  ],
  seen: SEEN,
};

export const STATUS: StatusAnswer = {
  hanbus: 'status/1',
  ok: true,
  health: [],
  nodes: [
    {
      name: 'kitchen',
      self: true,
      state: 'ready',
      version: '0.1.0',
      board: 'Raspberry Pi 4B',
      epoch: 17,
      uptimeMs: 372_000,
      devices: 4,
      points: 6,
      sentPerMinute: 13.6,
      memoryMb: 61.4,
      listeners: [{ url: 'mqtt://127.0.0.1:1883', open: true }],
      scheme: { files: ['/etc/hanbus/hanbus.yaml'], appliedAt: FAKE_NOW - 300_000, problems: 0 },
    },
  ],
};

/** The same node with things that need a person. */
export const STATUS_TROUBLED: StatusAnswer = {
  ...STATUS,
  ok: false,
  health: [
    {
      code: 'HB210',
      severity: 'error',
      message: 'every: 60 needs a unit',
      suggestion: '60s or 60min?',
      file: '/etc/hanbus/hanbus.yaml',
      line: 3,
      column: 18,
      fix: 'every: 60s',
    },
    { code: 'HB141', severity: 'warning', message: 'fridge is failing: no answer within 5000 ms' },
  ],
  nodes: STATUS.nodes.map((node) => ({
    ...node,
    listeners: [{ url: 'mqtt://127.0.0.1:1883', open: false, why: 'port 1883 is used by mosquitto (pid 612)' }],
    engine: { url: 'mqtt://192.168.1.20:1883', connected: false, why: 'connection refused' },
  })),
};

const CANNED: Readonly<Record<string, Verb>> = {
  ...SCHEME_CANNED,
  history: answerHistory,
  broker: async ({ view }) => (view === 'client' ? CLIENT : view === 'clients' ? CLIENTS : BROKER),
  config: async () => ({
    hanbus: 'config/1',
    values: [
      { key: 'node.name', value: 'kitchen', origin: 'flag', place: '--name' },
      { key: 'publish.every', value: '60s', origin: 'file', place: '/etc/hanbus/hanbus.yaml:3:12' },
      { key: 'publish.on_change', value: '1%', origin: 'default' },
      { key: 'broker.listen', value: 1883, origin: 'environment', place: 'HANBUS_BROKER__LISTEN' },
    ],
  }),
  outbox: async () => OUTBOX,
  info: async () => ({
    hanbus: 'info/1',
    version: '0.1.0',
    runtime: 'Node 24.21.0',
    board: 'Raspberry Pi 4B',
    node: 'kitchen',
    running: true,
    paths: {
      config: '/etc/hanbus/hanbus.yaml',
      data: '/var/lib/hanbus',
      runtime: '/run/hanbus',
      secrets: '/etc/hanbus/secrets.env',
    },
  }),
  kick: async ({ client }) => ({ hanbus: 'kick/1', node: 'kitchen', client }),
  list: async () => LIST,
  logs: async ({ after = 0 }) => ({
    hanbus: 'logs/1',
    lines: LOG_LINES.filter(({ seq }) => seq > Number(after)),
  }),
  publish: async () => ({
    hanbus: 'publish/1',
    point: 'board.load',
    policy: { every: '2s' },
    origin: { every: 'run time' },
  }),
  read: async ({ points }) => ({
    hanbus: 'read/1',
    node: 'kitchen',
    readings: (Array.isArray(points) ? points : []).map((name) => readingOf(String(name))),
  }),
  replay: async ({ name }) => ({ ...REPLAY, rule: String(name) }),
  rule: async ({ name, on }) => ({
    ...{ hanbus: 'rule/1', node: 'kitchen', rule: name },
    did: on === undefined ? 'ran' : on === true ? 'resumed' : 'paused',
  }),
  rules: async () => RULES,
  scan: async () => SCAN,
  set: async ({ point, value, for: forMs, dry }) => setAnswer(String(point), value, forMs, dry === true),
  status: async () => STATUS,
  undo: async ({ dryRun }) => ({
    hanbus: 'publish/1',
    point: 'board.load',
    policy: { every: '60s', on_change: '1%' },
    origin: { every: 'default' },
    ...(dryRun === true ? { at: FAKE_NOW - 60_000 } : {}),
  }),
  variable: async ({ name, value, dry }) => ({
    ...{ hanbus: 'set/1', node: 'kitchen', id: 'v1', point: `home.${String(name)}`, ms: 0 },
    ...{ st: dry === true ? 'would' : 'done', value, text: String(value) },
  }),
  why: async ({ name }) => {
    if (name === 'cool') return WHY_RULE;
    if (name === 'fan') return WHY_POINT;
    throw new HanbusError('HB345', `there is no rule or point "${String(name)}"`, { fix: 'hanbus rule ls' });
  },
};

function setAnswer(asked: string, value: unknown, forMs: unknown, isDry: boolean) {
  const point = asked.includes('.') || asked.includes(':') ? asked : `${asked}.state`;
  const common = { hanbus: 'set/1', node: 'kitchen', point, id: 'a1b2', ms: 12 };
  if (point === 'gate.open') {
    return { ...common, st: 'rejected', code: 'HB363', why: 'gate.close of the interlock gate is on' };
  }
  if (point === 'pmp.state') {
    throw new HanbusError('HB357', 'there is no point pmp.state; did you mean pump.state?', { fix: 'hanbus ls' });
  }
  const timed = typeof forMs === 'number' ? { forMs } : {};
  return {
    ...common,
    st: isDry ? 'would' : 'done',
    value: value === 'on',
    text: typeof value === 'string' ? value : 'set',
    ...timed,
  };
}

const LOG_LINES = [
  { seq: 1, time: FAKE_NOW - 3_600_000, level: 'info', text: 'node is ready', fields: { node: 'kitchen', devices: 4 } },
  {
    seq: 2,
    time: FAKE_NOW - 60_000,
    level: 'warn',
    text: 'device does not answer',
    fields: { device: 'fridge', reason: 'no answer within 5000 ms' },
  },
  { seq: 3, time: FAKE_NOW - 30_000, level: 'error', text: 'port is taken', fields: { port: 1883, code: 'HB120' } },
];

function readingOf(asked: string) {
  const [device, name] = asked.split('.');
  const found = LIST.devices.find((one) => one.name === device)?.points.find((one) => one.name === name);
  if (found === undefined) throw new HanbusError('HB152', `there is no point "${asked}"`, { fix: 'hanbus ls' });
  return { point: asked, ...found, ageMs: 0 };
}
