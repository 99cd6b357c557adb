import type { FilterStep } from './filter.ts';

/** A change worth telling: absolute in the unit of the point, or a share of the last published value. */
export type Deadband =
  /** 0 is any change. `unit` is set when a person wrote one; it converts to the unit of the point. */
  { readonly absolute: number; readonly unit?: string } | { readonly percent: number };

/** More about `keep`. */
export interface KeepTerms {
  /** What is older is not sent any more. */
  readonly ttlMs?: number;
  /** It is on the disk before anything else: no power cut loses it. */
  readonly sync?: boolean;
}

/** What the outbox keeps while the way is blocked. */
export type Keep =
  | 'latest'
  | 'all'
  | 'none'
  | ({ readonly last: number } & KeepTerms)
  | ({ readonly all: true } & KeepTerms);

/** A publish policy after decoding; every part may be missing, the nearest that has it wins. Architecture, section 6. */
export interface Policy {
  /** Heartbeat: published at least this often, changed or not; ms. */
  readonly everyMs?: number;
  readonly onChange?: Deadband;
  /** Rate cap: published at most once in this time; ms. */
  readonly atMostMs?: number;
  readonly filter?: readonly FilterStep[];
  /** Converted to this unit before publishing. */
  readonly unit?: string;
  /** Decimals. */
  readonly round?: number;
  readonly retain?: boolean;
  readonly qos?: 0 | 1 | 2;
  readonly keep?: Keep;
  /** Whether it is recorded. Default true. */
  readonly history?: boolean;
}

/** A policy as a person writes it, in YAML or in `$publish/set`. */
export type PolicyText = Readonly<Record<string, unknown>>;

/** Where the value of one key came from, for `$publish` and `config show --origin`. */
export type PolicyOrigin = 'default' | 'driver' | 'node' | 'device' | 'point' | 'run time';
