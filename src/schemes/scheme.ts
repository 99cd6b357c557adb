import type { LimitValues } from './broker-limits.ts';
import type { Guards } from './command.ts';
import type { UserText } from './credential.ts';
import type { PointPlan } from './plan.ts';
import type { PolicyText } from './policy.ts';
import type { Problem } from './problem.ts';
import type { RulesText } from './rules/rules-text.ts';

/** One device as a person wrote it. */
export interface DeviceText {
  /** Absent when the entry only tunes a device that the harvest finds under this name. */
  readonly kind?: string;
  readonly at?: string;
  /** Everything that is not a common key; checked against the fields of the kind. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly points: Readonly<Record<string, PointPlan>>;
  readonly publish?: PolicyText;
  /** Limits of all its settable points: `safe`, `max_on` ... */
  readonly guards?: Guards;
}

/** How long and how much history is kept. */
export interface StateText {
  /** Default 7 days. */
  readonly keepMs?: number;
  /** Bytes. Default 64 MB. */
  readonly maxBytes?: number;
}

/** An external broker used instead of (or beside) the embedded one. */
export interface EngineText {
  /** `mqtt://host:1883` or `mqtts://host:8883`. */
  readonly url: string;
  readonly user?: string;
  /** `$NAME`, resolved by the node when it connects. */
  readonly password?: string;
}

/** What TLS needs. Without `cert` and `key` the node makes its own certificate. */
export interface TlsText {
  /** Absolute paths of PEM files. */
  readonly cert?: string;
  readonly key?: string;
  /** Who signs the certificates of clients. */
  readonly ca?: string;
  /** What is asked of clients. */
  readonly client: 'ask' | 'off' | 'require';
}

export interface BrokerText {
  /** Ports, addresses and URLs of the embedded broker; `off` closes it. Default 1883 on loopback. */
  readonly listen: string | number | readonly (string | number)[];
  readonly tls?: TlsText;
  /** Pages of other hosts that may connect by WebSocket: `https://panel.example.org`. */
  readonly origins?: readonly string[];
  readonly engine?: EngineText;
  /** Whether programs of this machine come in without a login. Default `open`. */
  readonly local?: 'closed' | 'open';
  /** Logins beside those of `hanbus credentials`. */
  readonly users?: readonly UserText[];
  /** Topic filters: such messages of QoS 1 and 2 are acknowledged when they are on the disk. */
  readonly durable?: readonly string[];
  /** What clients may use, where it is not the default. */
  readonly limits?: LimitValues;
  /** How often listeners of `$SYS` hear what has changed; 0: never. Default 10 s. */
  readonly sysMs?: number;
}

/** What a person wrote, checked; everything left out has its default. */
export interface Scheme {
  readonly node: { readonly name?: string; readonly area?: string; readonly location?: readonly [number, number] };
  readonly publish: PolicyText;
  readonly devices: Readonly<Record<string, DeviceText>>;
  readonly broker: BrokerText;
  readonly state: StateText;
  /** The parts about rules, as text that passed the schema; `rules/` of this folder turns them into a book. */
  readonly rules: RulesText;
  /** Top keys that are valid but that this version does not run yet: `bridges`, `mesh` ... */
  readonly waiting: readonly string[];
}

export interface LoadedScheme {
  /** Absent when an error makes the scheme unusable. */
  readonly scheme?: Scheme;
  /** All of them, in the order of the files; warnings and notes too. */
  readonly problems: readonly Problem[];
  /** Every file that was read, the main one first. */
  readonly files: readonly string[];
  /** `file:line:column` of a dotted key such as `devices.soil.publish.every`, if a person wrote it. */
  readonly placeOf: (key: string) => string | undefined;
}
