import Type, { type Static, type TSchema } from 'typebox';
import { BrokerJson, ClientJson, ClientsJson, KickJson } from './broker-contracts.ts';
import { CommandsJson, SetJson } from './command-contracts.ts';
import { ApplyJson, ConfirmJson, DiffJson, SchemeJson } from './contracts-scheme.ts';
import { ROLES } from './credential.ts';
import { FlashJson, HistoryJson } from './history-contracts.ts';
import { OutboxJson } from './outbox-contracts.ts';
import { ProblemJson } from './problem-json.ts';
import { ReplayJson, RuleJson, RulesJson, RuleTestJson } from './rule-contracts.ts';
import { WhyJson } from './why-contracts.ts';

/**
 * The JSON that hanbus answers: `--json` of the CLI, `$res/<verb>` on MQTT, the HTTP API. One shape for all three.
 * Each has a version in its name (`status/1`); inside a version members are only added.
 */
const optional = Type.Optional;
const open = { additionalProperties: true };
/** The same, with what the answer is for. */
const about = (description: string) => ({ ...open, description });

const Value = Type.Unknown({ description: 'number, text, boolean, JSON or null when there is none' });

export const PointJson = Type.Object(
  {
    name: Type.String({ description: 'point, as in `load`' }),
    topic: Type.String(),
    type: Type.Enum(['number', 'boolean', 'text', 'enum', 'json', 'event']),
    unit: optional(Type.String()),
    range: optional(Type.Array(Type.Number())),
    value: Value,
    text: Type.String({ description: 'the value as shown to people, with unit' }),
    quality: Type.Enum(['good', 'stale', 'uncertain', 'bad', 'manual', 'none']),
    why: optional(Type.String({ description: 'why the quality is not good' })),
    time: optional(Type.Integer({ description: 'ms since 1970' })),
    ageMs: optional(Type.Number({ description: 'since the last reading' })),
  },
  open,
);

export const DeviceJson = Type.Object(
  {
    name: Type.String(),
    kind: Type.String(),
    at: Type.String(),
    group: Type.String({ description: 'where `up` lists it: board, 1-wire, usb ...' }),
    about: optional(Type.String()),
    state: Type.Enum(['init', 'ready', 'failing', 'quarantined', 'lost', 'stopped']),
    why: optional(Type.String({ description: 'why it is not ready' })),
    origin: Type.Enum(['harvest', 'file']),
    provenance: Type.Object({ source: Type.String(), why: Type.String() }, open),
    points: Type.Array(PointJson),
  },
  open,
);

export const ListJson = Type.Object(
  { hanbus: Type.Literal('list/1'), node: Type.String(), devices: Type.Array(DeviceJson) },
  about('Every device with its points and present values.'),
);

export const ReadJson = Type.Object(
  {
    hanbus: Type.Literal('read/1'),
    node: Type.String(),
    readings: Type.Array(
      Type.Object({ point: Type.String({ description: 'device.point' }), ...PointJson.properties }, open),
    ),
  },
  about('One fresh reading of each point asked for.'),
);

export const SeenJson = Type.Object(
  {
    group: Type.String(),
    what: Type.String(),
    source: Type.String(),
    why: Type.String(),
    fix: optional(Type.String()),
    code: optional(Type.String()),
  },
  open,
);

export const ScanJson = Type.Object(
  {
    hanbus: Type.Literal('scan/1'),
    node: Type.String(),
    devices: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          kind: Type.String(),
          at: Type.String(),
          group: Type.String(),
          about: optional(Type.String()),
          certainty: Type.Enum(['sure', 'guess']),
          change: optional(Type.Enum(['new', 'gone', 'back'])),
          provenance: Type.Object({ source: Type.String(), why: Type.String() }, open),
        },
        open,
      ),
    ),
    seen: Type.Array(SeenJson),
  },
  about('What a harvest found just now, what it saw and left alone, what changed since the last one.'),
);

export const NodeStateJson = Type.Enum(['init', 'ready', 'sleeping', 'lost', 'disconnected']);

export const StatusJson = Type.Object(
  {
    hanbus: Type.Literal('status/1'),
    mesh: optional(Type.String()),
    ok: Type.Boolean({ description: 'false when something in health needs a person' }),
    health: Type.Array(ProblemJson),
    nodes: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          self: Type.Boolean(),
          state: NodeStateJson,
          version: Type.String(),
          board: Type.String(),
          epoch: Type.Integer(),
          uptimeMs: Type.Number(),
          devices: Type.Integer(),
          points: Type.Integer(),
          sentPerMinute: Type.Number(),
          memoryMb: Type.Number(),
          listeners: Type.Array(
            Type.Object(
              {
                url: Type.String(),
                open: Type.Boolean(),
                why: optional(Type.String()),
                fingerprint: optional(Type.String({ description: 'of the certificate: SHA-256, hex' })),
              },
              open,
            ),
          ),
          engine: optional(
            Type.Object({ url: Type.String(), connected: Type.Boolean(), why: optional(Type.String()) }, open),
          ),
          flash: optional(FlashJson),
          scheme: Type.Object(
            { files: Type.Array(Type.String()), appliedAt: Type.Integer(), problems: Type.Integer() },
            open,
          ),
        },
        open,
      ),
    ),
  },
  about('Health first, then the nodes.'),
);

const Texts = Type.Array(Type.String());

export const CredentialsJson = Type.Object(
  {
    hanbus: Type.Literal('credentials/1'),
    file: Type.String({ description: 'where they are kept' }),
    credentials: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'also the user name of the client' }),
          role: Type.Enum([...ROLES]),
          prefix: optional(Type.String({ description: 'the topics of a device begin with it' })),
          client_id: optional(Type.String({ description: 'the only client id of this login' })),
          read: Texts,
          write: Texts,
          plain: Type.Boolean({ description: 'may come from another machine without encryption' }),
          certificates: Texts,
          password: Type.Boolean({ description: 'has one; false when certificates alone stand for it' }),
        },
        open,
      ),
      { description: 'all of them (ls), or the one that was added, removed or given a new password' },
    ),
    password: optional(Type.String({ description: 'the one that hanbus made; it is told this once' })),
    try: optional(Type.String({ description: 'a command line that tries the login' })),
  },
  about('`credentials`: logins of MQTT clients. Never a hash, and a password only when it was made.'),
);

export const ConfigJson = Type.Object(
  {
    hanbus: Type.Literal('config/1'),
    values: Type.Array(
      Type.Object(
        {
          key: Type.String({ description: 'dotted, as in publish.every' }),
          value: Value,
          origin: Type.Enum(['default', 'harvest', 'driver', 'file', 'environment', 'flag', 'run time']),
          place: optional(Type.String({ description: 'file:line:column, variable or flag' })),
        },
        open,
      ),
    ),
  },
  about('Effective values, each with where it came from.'),
);

export const LogsJson = Type.Object(
  {
    hanbus: Type.Literal('logs/1'),
    lines: Type.Array(
      Type.Object(
        {
          seq: Type.Integer(),
          time: Type.Integer(),
          level: Type.Enum(['error', 'warn', 'info', 'debug']),
          text: Type.String(),
          fields: Type.Object({}, open),
        },
        open,
      ),
    ),
  },
  about('Lines of the running node, oldest first.'),
);

export const PolicyJson = Type.Object(
  {
    hanbus: Type.Literal('publish/1'),
    point: Type.String({ description: 'device.point' }),
    policy: Type.Object({}, { ...open, description: 'effective, keys as in a scheme' }),
    origin: Type.Object({}, { ...open, description: 'of each key: default, driver, node, device, point or run time' }),
    kept: optional(Type.Boolean({ description: 'false when it lasts only until the next start, as the disk refuses' })),
    at: optional(Type.Integer({ description: 'of the change that `undo` would take back, ms since 1970' })),
  },
  about('`publish` and `undo`: the policy of a point after the change.'),
);

export const CheckJson = Type.Object(
  {
    hanbus: Type.Literal('check/1'),
    ok: Type.Boolean(),
    files: Type.Array(Type.String()),
    problems: Type.Array(ProblemJson),
    tests: optional(Type.Array(RuleTestJson, { description: 'with --test' })),
  },
  about('All problems of the files in one pass.'),
);

export const InfoJson = Type.Object(
  {
    hanbus: Type.Literal('info/1'),
    version: Type.String(),
    runtime: Type.String(),
    board: Type.String(),
    node: Type.String(),
    running: Type.Boolean(),
    paths: Type.Object(
      { config: Type.String(), data: Type.String(), runtime: Type.String(), secrets: Type.String() },
      open,
    ),
  },
  about('Versions and paths, node running or not.'),
);

export const WatchJson = Type.Object(
  {
    hanbus: Type.Literal('watch/1'),
    time: Type.Integer(),
    topic: Type.String(),
    payload: Type.String(),
    retain: Type.Boolean(),
  },
  about('One line of `watch --json` and of the HTTP stream.'),
);

export const DroppedJson = Type.Object(
  { hanbus: Type.Literal('watch/1'), dropped: Type.Integer({ minimum: 1 }) },
  about('A line of the stream of `watch`: so many lines were left out for a slow reader, or by `--rate`.'),
);

export const ExplainJson = Type.Object(
  {
    hanbus: Type.Literal('explain/1'),
    codes: Type.Array(
      Type.Object(
        {
          code: Type.String({ pattern: '^HB[0-9]{3}$' }),
          title: Type.String(),
          why: Type.String(),
          fix: Type.String(),
          example: optional(Type.String()),
          exit: Type.Integer({ description: 'exit code of a command that ends with it' }),
        },
        open,
      ),
    ),
  },
  about('Codes with what they mean.'),
);

export const ErrorJson = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String(),
        message: Type.String(),
        file: optional(Type.String()),
        line: optional(Type.Integer()),
        col: optional(Type.Integer()),
        fix: optional(Type.String()),
      },
      open,
    ),
  },
  about('Any failure, on standard error with `--json` and in `$res`.'),
);

export type DeviceAnswer = Static<typeof DeviceJson>;
export type PointAnswer = Static<typeof PointJson>;
export type ListAnswer = Static<typeof ListJson>;
export type ReadAnswer = Static<typeof ReadJson>;
export type ScanAnswer = Static<typeof ScanJson>;
export type StatusAnswer = Static<typeof StatusJson>;
export type ConfigAnswer = Static<typeof ConfigJson>;
export type CredentialsAnswer = Static<typeof CredentialsJson>;
export type LogsAnswer = Static<typeof LogsJson>;
export type PolicyAnswer = Static<typeof PolicyJson>;
export type ApplyAnswer = Static<typeof ApplyJson>;
export type ConfirmAnswer = Static<typeof ConfirmJson>;
export type DiffAnswer = Static<typeof DiffJson>;
export type SchemeAnswer = Static<typeof SchemeJson>;
export type CheckAnswer = Static<typeof CheckJson>;
export type InfoAnswer = Static<typeof InfoJson>;
export type ExplainAnswer = Static<typeof ExplainJson>;
export type WatchLine = Static<typeof WatchJson>;

/** All contracts by name, for the published schemas. */
export const CONTRACTS: Readonly<Record<string, TSchema>> = {
  apply: ApplyJson,
  broker: BrokerJson,
  check: CheckJson,
  client: ClientJson,
  clients: ClientsJson,
  commands: CommandsJson,
  config: ConfigJson,
  confirm: ConfirmJson,
  credentials: CredentialsJson,
  diff: DiffJson,
  dropped: DroppedJson,
  error: ErrorJson,
  explain: ExplainJson,
  history: HistoryJson,
  info: InfoJson,
  kick: KickJson,
  list: ListJson,
  logs: LogsJson,
  outbox: OutboxJson,
  publish: PolicyJson,
  read: ReadJson,
  replay: ReplayJson,
  rule: RuleJson,
  rules: RulesJson,
  scan: ScanJson,
  scheme: SchemeJson,
  set: SetJson,
  status: StatusJson,
  watch: WatchJson,
  why: WhyJson,
};
