/**
 * MQTT packets as bytes, written from the specification alone: neither the broker's code nor its codec library has a
 * part in it, so that a mistake of theirs cannot hide here. Nothing is checked; wrong fields are written as they are.
 */

export type Version = 3 | 4 | 5;
export type PropertyValue = number | string | Uint8Array | readonly [string, string];
export type Property = readonly [id: number, value: PropertyValue];

/** MQTT 5, table 2-4: the type of each property. */
export const PROPERTY_TYPES: ReadonlyMap<number, 'byte' | 'two' | 'four' | 'var' | 'text' | 'binary' | 'pair'> =
  new Map([
    [0x01, 'byte'],
    [0x02, 'four'],
    [0x03, 'text'],
    [0x08, 'text'],
    [0x09, 'binary'],
    [0x0b, 'var'],
    [0x11, 'four'],
    [0x12, 'text'],
    [0x13, 'two'],
    [0x15, 'text'],
    [0x16, 'binary'],
    [0x17, 'byte'],
    [0x18, 'four'],
    [0x19, 'byte'],
    [0x1a, 'text'],
    [0x1c, 'text'],
    [0x1f, 'text'],
    [0x21, 'two'],
    [0x22, 'two'],
    [0x23, 'two'],
    [0x24, 'byte'],
    [0x25, 'byte'],
    [0x26, 'pair'],
    [0x27, 'four'],
    [0x28, 'byte'],
    [0x29, 'byte'],
    [0x2a, 'byte'],
  ]);

export const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff]);

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function varInt(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** A text or binary with its length before it. */
export function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u16(bytes.length), bytes]);
}

/** A packet: first byte, length, content. */
export function frame(first: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first]), varInt(body.length), body]);
}

export function property([id, value]: Property): Buffer {
  return Buffer.concat([Buffer.from([id]), propertyValue(id, value)]);
}

function propertyValue(id: number, value: PropertyValue): Buffer {
  if (typeof value === 'number') return numberOf(PROPERTY_TYPES.get(id) ?? 'byte', value);
  if (typeof value === 'string' || value instanceof Uint8Array) return text(value);
  return Buffer.concat([text(value[0]), text(value[1])]);
}

function numberOf(type: string, value: number): Buffer {
  if (type === 'two') return u16(value);
  if (type === 'four') return u32(value);
  return type === 'var' ? varInt(value) : Buffer.from([value & 0xff]);
}

/** The properties of a packet with their length; nothing before MQTT 5. */
export function properties(version: Version, list: readonly Property[]): Buffer {
  if (version < 5) return Buffer.alloc(0);
  const bytes = Buffer.concat(list.map(property));
  return Buffer.concat([varInt(bytes.length), bytes]);
}

export interface PublishFields {
  readonly topic: string | Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly retain?: boolean;
  readonly dup?: boolean;
  readonly id?: number;
  readonly properties?: readonly Property[];
}

export function publish(version: Version, fields: PublishFields): Buffer {
  const { topic, payload, qos, retain = false, dup = false, id = 0, properties: list = [] } = fields;
  const first = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  return frame(first, text(topic), qos > 0 ? u16(id) : Buffer.alloc(0), properties(version, list), payload);
}

export const ACK = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const;

/** Without a reason: the short form. */
export function acknowledge(kind: keyof typeof ACK, id: number, reason?: number): Buffer {
  return frame(ACK[kind], u16(id), reason === undefined ? Buffer.alloc(0) : Buffer.from([reason]));
}

export interface FilterFields {
  readonly filter: string | Uint8Array;
  /** The options byte as it is: QoS, no local 4, retain as published 8, retain handling 16 and 32. */
  readonly options: number;
}

export function subscribe(
  version: Version,
  id: number,
  filters: readonly FilterFields[],
  list: readonly Property[] = [],
): Buffer {
  const wanted = filters.flatMap(({ filter, options }) => [text(filter), Buffer.from([options])]);
  return frame(0x82, u16(id), properties(version, list), ...wanted);
}

export function unsubscribe(version: Version, id: number, filters: readonly (string | Uint8Array)[]): Buffer {
  return frame(0xa2, u16(id), properties(version, []), ...filters.map(text));
}

export interface ConnectFields {
  readonly clientId: string | Uint8Array;
  readonly clean: boolean;
  readonly keepAlive?: number;
  readonly properties?: readonly Property[];
  readonly will?: {
    readonly topic: string | Uint8Array;
    readonly payload: Uint8Array;
    readonly qos: number;
    readonly retain: boolean;
    readonly properties?: readonly Property[];
  };
  readonly username?: string | Uint8Array;
  readonly password?: string | Uint8Array;
}

export function connect(version: Version, fields: ConnectFields): Buffer {
  const { clientId, clean, keepAlive = 0, will, username, password } = fields;
  const flags =
    (clean ? 2 : 0) |
    (will === undefined ? 0 : 4 | (will.qos << 3) | (will.retain ? 32 : 0)) |
    (password === undefined ? 0 : 64) |
    (username === undefined ? 0 : 128);
  return frame(
    0x10,
    text(version === 3 ? 'MQIsdp' : 'MQTT'),
    Buffer.from([version, flags]),
    u16(keepAlive),
    properties(version, fields.properties ?? []),
    text(clientId),
    ...(will === undefined ? [] : [properties(version, will.properties ?? []), text(will.topic), text(will.payload)]),
    ...(username === undefined ? [] : [text(username)]),
    ...(password === undefined ? [] : [text(password)]),
  );
}

export const PINGREQ: Buffer = Buffer.from([0xc0, 0]);

export function disconnect(version: Version, reason = 0, list: readonly Property[] = []): Buffer {
  if (version < 5 || (reason === 0 && list.length === 0)) return Buffer.from([0xe0, 0]);
  return frame(0xe0, Buffer.from([reason]), properties(version, list));
}
