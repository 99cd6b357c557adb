/** Verbs of `hanbus/<node>/$req/<verb>`; the HTTP API and the CLI use the same. */
export type ControlVerb =
  | 'broker'
  | 'config'
  | 'info'
  | 'kick'
  | 'list'
  | 'logs'
  | 'publish'
  | 'read'
  | 'replay'
  | 'rule'
  | 'rules'
  | 'scan'
  | 'status'
  | 'stop'
  | 'undo'
  | 'why';

/** What a verb is asked with, beside the optional `id` that the answer repeats. */
export interface ControlRequests {
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
  readonly config: Record<string, never>;
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
  readonly scan: Record<string, never>;
  readonly status: Record<string, never>;
  readonly stop: Record<string, never>;
  /** Takes back the last change of a point's policy, or of any point when absent. */
  readonly undo: { readonly point?: string };
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
