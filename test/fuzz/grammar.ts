import type { Random } from './random.ts';
import {
  ACK,
  type ConnectFields,
  connect,
  disconnect,
  frame,
  PINGREQ,
  PROPERTY_TYPES,
  type Property,
  type PropertyValue,
  properties,
  publish,
  subscribe,
  u16,
  unsubscribe,
  type Version,
} from './wire.ts';

/** How many of a hundred fields are not as they should be. */
export interface Taste {
  readonly random: Random;
  readonly wrong: number;
}

const NAMES: readonly [string, ...string[]] = ['a', 'a/b', 'a/b/c', 'b', 'b/c', '/', 'x//y', 'é/ü', 'deep/'.repeat(40)];
const STRANGE: readonly [string, ...string[]] = [
  '',
  '#',
  '+',
  'a/+',
  'a\0b',
  '$SYS/broker',
  '$share/g/a',
  '\uffff',
  'hanbus/home/x',
  'hanbus/n/d/p/set',
  `${'x/'.repeat(250)}y`,
  'y'.repeat(65_535),
];
const FILTERS: readonly [string, ...string[]] = [
  '#',
  '+',
  'a/#',
  '+/b',
  'a/+/c',
  '/#',
  '$share/g/a/#',
  '$share/h/#',
  ...NAMES,
];
const BAD_FILTERS: readonly [string, ...string[]] = [
  '',
  '#/a',
  'a#',
  '$share/',
  '$share/g',
  '$share//a',
  '+a/b',
  ...STRANGE,
];
const CLIENTS: readonly [string, ...string[]] = ['one', 'two', 'three', ''];
const BYTES: readonly [string, ...string[]] = ['c328', 'eda080', 'ff', '00', 'f4908080', 'c0af'];

/** What a client may send, by MQTT 5, table 2-4. */
const FITTING: Readonly<Record<string, readonly number[]>> = {
  connect: [0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x26, 0x27],
  will: [0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26],
  publish: [0x01, 0x02, 0x03, 0x08, 0x09, 0x23, 0x23, 0x26, 0x26],
  subscribe: [0x0b, 0x26],
  disconnect: [0x11, 0x1f, 0x26],
  ack: [0x1f, 0x26],
};

/** A CONNECT; mostly one that is accepted. */
export function makeConnect(version: Version, taste: Taste): Buffer {
  const { random } = taste;
  const hasWill = random.percent(30);
  const fields: ConnectFields = {
    clientId: textOr(taste, random.pick(CLIENTS)),
    clean: random.percent(60),
    keepAlive: random.pick([0, 0, 1, 60, 65_535]),
    properties: random.percent(60)
      ? makeProperties('connect', taste).filter(([id]) => (id !== 0x15 && id !== 0x16) || random.percent(5))
      : [],
    ...(hasWill
      ? {
          will: {
            topic: makeTopic(taste),
            payload: random.bytes(random.below(20)),
            qos: random.percent(taste.wrong) ? 3 : random.below(3),
            retain: random.percent(30),
            properties: makeProperties('will', taste),
          },
        }
      : {}),
    ...(random.percent(15) ? { username: textOr(taste, 'u'), password: 'p' } : {}),
  };
  const bytes = connect(version, fields);
  if (random.percent(taste.wrong)) bytes[9] = random.below(256); // the flags, of most versions
  return bytes;
}

/** Any packet but CONNECT. */
export function makePacket(version: Version, taste: Taste): Buffer {
  const { random } = taste;
  const dice = random.below(100);
  if (dice < 45) return makePublish(version, taste);
  if (dice < 65) return makeAcknowledgement(version, taste);
  if (dice < 80) return makeSubscribe(version, taste);
  if (dice < 87)
    return unsubscribe(
      version,
      makeId(taste),
      Array.from({ length: random.below(4) + sure(taste) }, () => textOr(taste, random.pick(FILTERS))),
    );
  if (dice < 92) return PINGREQ;
  if (dice < 94) return disconnect(version, random.pick([0, 4, 0x81, 0x98]), makeProperties('disconnect', taste));
  if (dice < 96) return makeConnect(version, taste);
  if (dice < 98)
    return frame(
      0xf0,
      Buffer.from([random.pick([0, 0x18, 0x19])]),
      properties(version, makeProperties('connect', taste)),
    );
  return frame(random.below(256), random.bytes(random.below(30)));
}

function makePublish(version: Version, taste: Taste): Buffer {
  const { random, wrong } = taste;
  return publish(version, {
    topic: random.percent(5) ? '' : makeTopic(taste),
    payload: random.percent(2) ? Buffer.alloc(random.between(1_000, 50_000)) : random.bytes(random.below(30)),
    qos: random.percent(wrong) ? 3 : random.below(3),
    retain: random.percent(25),
    dup: random.percent(15),
    id: makeId(taste),
    properties: random.percent(50) ? makeProperties('publish', taste) : [],
  });
}

function makeAcknowledgement(version: Version, taste: Taste): Buffer {
  const { random, wrong } = taste;
  const first = ACK[random.pick<keyof typeof ACK>(['puback', 'pubrec', 'pubrel', 'pubcomp', 'pubrel'])];
  const flags = random.percent(wrong) ? random.below(16) : first & 15;
  const parts: Buffer[] = [u16(makeId(taste))];
  if (version === 5 && random.percent(40)) {
    parts.push(Buffer.from([random.pick([0, 0, 0x10, 0x80, 0x92, 0x97, random.below(256)])]));
    if (random.percent(50)) parts.push(properties(5, makeProperties('ack', taste)));
  }
  return frame((first & 0xf0) | flags, ...parts);
}

function makeSubscribe(version: Version, taste: Taste): Buffer {
  const { random, wrong } = taste;
  const filters = Array.from({ length: random.below(4) + sure(taste) }, () => ({
    filter: random.percent(wrong) ? random.pick(BAD_FILTERS) : random.pick(FILTERS),
    options: random.percent(wrong)
      ? random.below(256)
      : random.below(3) | (version === 5 ? random.pick([0, 4, 8, 16, 32]) : 0),
  }));
  return subscribe(version, makeId(taste), filters, random.percent(30) ? makeProperties('subscribe', taste) : []);
}

/** One more than none, but seldom. */
const sure = ({ random, wrong }: Taste): number => (random.percent(wrong) ? 0 : 1);

function makeId({ random, wrong }: Taste): number {
  return random.percent(wrong) ? random.pick([0, 65_535]) : random.between(1, 8);
}

function makeTopic(taste: Taste): string | Uint8Array {
  return textOr(taste, taste.random.pick(NAMES));
}

function textOr({ random, wrong }: Taste, good: string): string | Uint8Array {
  if (!random.percent(wrong)) return good;
  return random.percent(60) ? random.pick(STRANGE) : Buffer.from(random.pick(BYTES), 'hex');
}

/** Properties in any number and order; wrong ones are of another packet, unknown, doubled or of a wrong size. */
function makeProperties(kind: string, taste: Taste): Property[] {
  const { random, wrong } = taste;
  const fitting = FITTING[kind] ?? [];
  const list = fitting
    .filter((_id, at) => random.percent(35) && fitting.indexOf(_id) <= at)
    .map((id) => makeProperty(id, taste));
  if (random.percent(wrong)) list.push(makeProperty(random.below(48), taste));
  const [first] = list;
  if (first !== undefined && random.percent(wrong)) list.push(first);
  return random.shuffle(list);
}

function makeProperty(id: number, taste: Taste): Property {
  return [id, valueFor(id, taste)];
}

function valueFor(id: number, taste: Taste): PropertyValue {
  const { random, wrong } = taste;
  const text = () => random.pick(['', 'v', 'längs', random.percent(wrong) ? random.pick(STRANGE) : 'w']);
  switch (PROPERTY_TYPES.get(id)) {
    case 'text':
      return id === 0x08 ? `answer/${text()}` : text();
    case 'binary':
      return random.bytes(random.below(10));
    case 'pair':
      return [text(), text()];
    case 'four':
      return random.pick([0, 1, 5, 100, 3_600, 0xffff_ffff]);
    case 'two':
      return random.percent(wrong) ? random.below(65_536) : random.between(1, 8);
    case 'var':
      return random.percent(wrong) ? 0 : random.between(1, 300);
    case 'byte':
    case undefined:
      return random.percent(wrong) ? random.below(256) : random.below(2);
  }
}
