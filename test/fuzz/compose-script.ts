import { bend } from './bend.ts';
import { cut } from './exchange/burst.ts';
import { makeConnect, makePacket, type Taste } from './grammar.ts';
import { malformedPackets } from './malformed.ts';
import { malformedConnects } from './malformed-connect.ts';
import { makeRandom, type Random } from './random.ts';
import type { Action, Script } from './script.ts';
import { connect, type Version } from './wire.ts';

/** The script of a seed: always the same. */
export function composeScript(seed: number): Script {
  const random = makeRandom(seed);
  const dice = random.below(100);
  if (dice < 30) return bentStreams(random);
  if (dice < 70) return crowd(random);
  if (dice < 90) return knownBad(random);
  return strangers(random);
}

const anyVersion = (random: Random): Version => random.pick([3, 4, 5, 5, 5]);

/** One client, connected as it should be, whose packets are bent. */
function bentStreams(random: Random): Action[] {
  const version = anyVersion(random);
  const taste = { random, wrong: random.pick([0, 5]) };
  const script: Action[] = [{ do: 'open', who: 'a', version }];
  const hello = random.percent(70)
    ? connect(version, { clientId: 'a', clean: random.percent(50) })
    : makeConnect(version, taste);
  script.push({ do: 'write', who: 'a', bytes: random.percent(10) ? bend(hello, random) : hello });
  for (let count = random.between(1, 6); count > 0; count -= 1) {
    const packets = Array.from({ length: random.between(1, 5) }, () => makePacket(version, taste));
    const bent = packets.map((packet) => (random.percent(40) ? bend(packet, random) : packet));
    for (const bytes of cut(random.percent(20) ? [bend(Buffer.concat(bent), random)] : bent, random).slice(0, 300)) {
      script.push({ do: 'write', who: 'a', bytes });
    }
    script.push({ do: 'turn', count: random.between(1, 3) });
    if (random.percent(30)) script.push({ do: 'ack', who: 'a', isBackward: random.percent(50) });
  }
  return script;
}

const NAMES: readonly [string, ...string[]] = ['a', 'b', 'c', 'd', 'e'];

/** Several clients with the same few names and topics, that come and go, freeze, take over and forget to answer. */
function crowd(random: Random): Action[] {
  const taste: Taste = { random, wrong: random.pick([0, 0, 2, 10, 40]) };
  const versions = new Map<string, Version>();
  const script: Action[] = [];
  for (let count = random.between(10, 60); count > 0; count -= 1) {
    const who = random.pick(NAMES);
    const version = versions.get(who);
    if (version === undefined) script.push(...enter(who, versions, taste));
    else script.push(...live(who, { version, versions, taste }));
  }
  return script;
}

function enter(who: string, versions: Map<string, Version>, taste: Taste): Action[] {
  const version = anyVersion(taste.random);
  versions.set(who, version);
  return [
    { do: 'open', who, version },
    { do: 'write', who, bytes: makeConnect(version, taste) },
  ];
}

interface Life {
  readonly version: Version;
  readonly versions: Map<string, Version>;
  readonly taste: Taste;
}

function live(who: string, { version, versions, taste }: Life): Action[] {
  const { random } = taste;
  const dice = random.below(100);
  if (dice < 50) {
    const packets = Array.from({ length: random.between(1, 8) }, () => makePacket(version, taste));
    return cut(packets, random)
      .slice(0, 100)
      .map((bytes) => ({ do: 'write', who, bytes }));
  }
  if (dice < 65) return [{ do: 'turn', count: random.between(1, 4) }];
  if (dice < 78) return [{ do: 'ack', who, isBackward: random.percent(50) }];
  if (dice < 82) return [{ do: random.pick(['freeze', 'thaw', 'thaw']), who }];
  if (dice < 86) return [{ do: 'clock', ms: random.pick([1, 999, 2_000, 6_000, 120_000]) }];
  versions.delete(who);
  return dice < 96 ? [{ do: random.pick(['drop', 'half']), who }] : enter(who, versions, taste);
}

/** An honest start, then one packet that must end the connection with a known reason. */
function knownBad(random: Random): Action[] {
  const version = anyVersion(random);
  const script: Action[] = [{ do: 'open', who: 'a', version }];
  if (random.percent(30)) {
    const one = random.any(malformedConnects(version));
    for (const bytes of cut([one?.bytes ?? Buffer.alloc(1)], random)) script.push({ do: 'write', who: 'a', bytes });
    return [...script, { do: 'expect', who: 'a', reasons: one?.reasons ?? [] }];
  }
  script.push({ do: 'write', who: 'a', bytes: connect(version, { clientId: 'known', clean: true }) });
  script.push({ do: 'turn', count: 2 }, { do: 'expect', who: 'a', reasons: 'open' });
  const one = random.any(malformedPackets(version));
  for (const bytes of cut([one?.bytes ?? Buffer.alloc(1)], random)) script.push({ do: 'write', who: 'a', bytes });
  return [...script, { do: 'expect', who: 'a', reasons: one?.reasons ?? [] }];
}

/** Connections whose first words are anything. */
function strangers(random: Random): Action[] {
  return Array.from({ length: random.between(1, 14) }, (_, index): Action[] => {
    const version = anyVersion(random);
    const who = `s${index}`;
    const taste = { random, wrong: 20 };
    const bytes = random.percent(30) ? random.bytes(random.below(60)) : bend(makeConnect(version, taste), random);
    const more: Action[] = [{ do: 'write', who, bytes: makePacket(version, taste) }];
    return [{ do: 'open', who, version }, { do: 'write', who, bytes }, ...(random.percent(50) ? more : [])];
  })
    .flat()
    .concat({ do: 'turn', count: 2 }, { do: 'clock', ms: 6_000 });
}
