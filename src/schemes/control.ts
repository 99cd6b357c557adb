/** Verbs of `hanbus/<node>/$req/<verb>`; the HTTP API and the CLI use the same. */
export type ControlVerb =
  | 'apply'
  | 'broker'
  | 'commands'
  | 'config'
  | 'confirm'
  | 'history'
  | 'info'
  | 'kick'
  | 'list'
  | 'logs'
  | 'outbox'
  | 'publish'
  | 'read'
  | 'replay'
  | 'revert'
  | 'rule'
  | 'rules'
  | 'save'
  | 'scan'
  | 'scheme'
  | 'set'
  | 'status'
  | 'stop'
  | 'undo'
  | 'variable'
  | 'why';

/** What a verb is asked with, beside the optional `id` that the answer repeats. */
export interface ControlRequests {
  /** Gives the files of the scheme other texts; without any, takes them as they are. */
  readonly apply: {
    /** By path from the folder of the main file; null removes one. */
    readonly files?: Readonly<Record<string, string | null>>;
    /** Of the main file. */
    readonly text?: string;
    /** Of the scheme that it was made from, as `scheme` gave it; `*` for any. */
    readonly etag?: string;
    /** Seconds until the scheme before comes back, unless `confirm` is asked; 0: it is kept at once. Default 60. */
    readonly confirm?: number;
    readonly dryRun?: boolean;
    /** Who asks, for the history. */
    readonly who?: string;
  };
  /** What the broker has done; with `view` its clients, or one of them. */
  readonly broker: {
    readonly view?: 'client' | 'clients';
    /** Id of the one client. */
    readonly client?: string;
    /** Ids of the clients: a pattern with `*`. */
    readonly like?: string;
    readonly sort?: string;
    /** Rows at most; default 1000. */
    readonly limit?: number;
  };
  /** The last commands of one point or of all, newest first; `limit` up to 1000, default 50. */
  readonly commands: { readonly point?: string; readonly limit?: number };
  readonly config: Record<string, never>;
  /** Keeps the scheme on trial that has this etag. */
  readonly confirm: { readonly etag: string; readonly who?: string };
  /** What one point was. Times: ms since 1970, ISO text, or how long ago (`24h`). */
  readonly history: {
    /** `air.temperature`, `kitchen.air.temperature`, `home.mode`; a device with one point may stand for it. */
    readonly point: string;
    /** Default 24h. */
    readonly since?: number | string;
    /** Default: now. */
    readonly until?: number | string;
    /** 1 to 500; default 48. */
    readonly buckets?: number;
    /** Every reading too: the newest so many, at most 2,000. */
    readonly raw?: number;
    /** Days of a meter too. */
    readonly totals?: boolean;
  };
  readonly info: Record<string, never>;
  /** Disconnects an MQTT client. */
  readonly kick: { readonly client: string };
  /** `glob` as in `air.*`, `*.temperature`; all when absent. */
  readonly list: { readonly glob?: string };
  /** After sequence number `after`; the last 200 when absent. */
  readonly logs: {
    readonly after?: number;
    readonly level?: string;
    readonly source?: string;
    readonly limit?: number;
  };
  readonly outbox: Record<string, never>;
  /** Patch the publish policy of a point; null takes a key back. */
  readonly publish: { readonly point: string; readonly set: Readonly<Record<string, unknown>> };
  readonly read: { readonly points: readonly string[] };
  /** What a rule would have done: one that runs by its name, or a new one as YAML data under `rule`. */
  readonly replay: {
    readonly name: string;
    readonly rule?: Readonly<Record<string, unknown>>;
    /** How far back, ms; default 24 h. 0: only check it and put it in words. */
    readonly sinceMs?: number;
  };
  /** Switches a rule on or off, or runs its actions alone. */
  readonly rule: { readonly name: string; readonly on?: boolean; readonly run?: boolean };
  readonly rules: Record<string, never>;
  /** Ends a trial, or goes back to a version of the scheme: by number or etag, or by one. */
  readonly revert: {
    readonly to?: number | string;
    readonly etag?: string;
    readonly confirm?: number;
    readonly dryRun?: boolean;
    readonly who?: string;
  };
  /** Writes what the harvest found into the main file of the scheme. */
  readonly save: { readonly dryRun?: boolean; readonly who?: string };
  readonly scan: Record<string, never>;
  /** The files of the scheme, those of a version by number or etag, and the versions. */
  readonly scheme: { readonly version?: number | string };
  /**
   * Commands a point, a group (`group:lamps`) or a scene (`scene:evening`) and answers with the outcome; `wait: false` as
   * soon as it is accepted, `dry: true` without doing anything. Times in ms or with a unit.
   */
  readonly set: {
    readonly point: string;
    readonly value?: unknown;
    readonly ttl?: number | string;
    readonly for?: number | string;
    readonly mode?: 'once' | 'set';
    readonly by?: string;
    readonly wait?: boolean;
    readonly dry?: boolean;
  };
  readonly status: Record<string, never>;
  readonly stop: Record<string, never>;
  /** Takes back the last change of a point's policy, or of any point when absent. */
  readonly undo: {
    readonly point?: string;
    /** Only tell which change it would be. */
    readonly dryRun?: boolean;
  };
  /** Sets a variable of the home; `name` without `home.`. `dry`: says what it would be. */
  readonly variable: {
    readonly name: string;
    readonly value: unknown;
    readonly by?: string;
    readonly dry?: boolean;
  };
  /** Explains a rule, or the way of a value. */
  readonly why: { readonly name: string };
}

/** The payload of `hanbus/<node>/$res/<verb>`. */
export type ControlResponse =
  | { readonly id?: string; readonly ok: true; readonly result: unknown }
  | { readonly id?: string; readonly ok: false; readonly error: ControlError };

export interface ControlError {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
}
