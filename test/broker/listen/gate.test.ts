import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback, networkOf, plainAddress } from '../../../src/broker/listen/caller-address.ts';
import { Gate, type Guest } from '../../../src/broker/listen/gate.ts';
import { DEFAULT_GATE_LIMITS, type GateLimits } from '../../../src/broker/listen/gate-limits.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

function world(limits: Partial<GateLimits> = {}) {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const gate = new Gate(clock, log, limits);
  const evicted: string[] = [];
  const enter = (address: string, { isTls = false, name = address } = {}) =>
    gate.enter({ address, isTls, evict: () => evicted.push(name) });
  return { clock, lines, gate, evicted, enter };
}

/** Ever another one. */
function addresses(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `10.0.${count >> 8}.${count & 255}`;
  };
}

interface Open {
  guest: Guest | undefined;
  isKnown: boolean;
  isGone: boolean;
}

describe('strangers', () => {
  it('may hold 20 sockets from one address; one more makes its oldest go', () => {
    const { enter, evicted, gate } = world();
    const others = enter('192.0.2.9');
    const guests = Array.from({ length: 20 }, (_, index) => enter('192.0.2.1', { name: `n${index}` }));
    expect(evicted).toEqual([]);
    expect(enter('192.0.2.1')).toBeDefined();
    expect(evicted).toEqual(['n0']);
    guests[1]?.admitted();
    guests[2]?.closed();
    enter('192.0.2.1');
    enter('192.0.2.1');
    expect(evicted).toEqual(['n0']);
    enter('192.0.2.1');
    expect(evicted).toEqual(['n0', 'n3']);
    others?.closed();
    expect(gate.refused).toMatchObject({ addressCrowd: 2, crowd: 0 });
    expect(gate.sockets).toEqual({ known: 1, unknown: 20 });
  });

  it('may hold 200 sockets in all; one more makes the oldest go', () => {
    const { enter, evicted, gate } = world();
    for (let count = 0; count < 200; count += 1) enter(`10.0.0.${count}`);
    expect(evicted).toEqual([]);
    enter('10.0.1.1');
    expect(evicted).toEqual(['10.0.0.0']);
    expect(gate.refused.crowd).toBe(1);
  });

  it('are told apart by the first 64 bits of an IPv6 address', () => {
    const { enter, evicted } = world();
    for (let count = 0; count < 21; count += 1) enter(`2001:db8:0:1::${count.toString(16)}`);
    enter('2001:db8:0:2::1');
    expect(evicted).toEqual(['2001:db8:0:1::0']);
  });

  it('come at 100 a second from one address after a burst, and others are not held up', async () => {
    const { enter, clock, gate } = world({ unknownEach: 1_000, unknown: 5_000 });
    const tries = (count: number) =>
      Array.from({ length: count }, () => enter('192.0.2.1')).filter((guest) => guest !== undefined).length;
    expect(tries(300)).toBe(DEFAULT_GATE_LIMITS.connectsEach.burst);
    expect(enter('192.0.2.2')).toBeDefined();
    await clock.advance(500);
    expect(tries(300)).toBe(50);
    await clock.advance(3_600_000);
    expect(tries(300)).toBe(DEFAULT_GATE_LIMITS.connectsEach.burst);
    expect(gate.refused.addressRate).toBe(100 + 250 + 100);
  });

  it('come at 500 a second in all', async () => {
    const { enter, clock, gate } = world({ unknown: 100_000 });
    const next = addresses();
    const tries = (count: number) => Array.from({ length: count }, () => enter(next())).filter(Boolean).length;
    expect(tries(1_200)).toBe(DEFAULT_GATE_LIMITS.connects.burst);
    await clock.advance(100);
    expect(tries(1_200)).toBe(50);
    expect(gate.refused.rate).toBe(200 + 1_150);
  });

  it('start 20 TLS handshakes a second from one address, and plain connections go on', async () => {
    const { enter, clock } = world({ unknownEach: 1_000, unknown: 5_000 });
    const tries = (isTls: boolean) =>
      Array.from({ length: 100 }, () => enter('192.0.2.1', { isTls })).filter((guest) => guest !== undefined).length;
    expect(tries(true)).toBe(40);
    expect(tries(false)).toBe(100);
    await clock.advance(1_000);
    expect(tries(true)).toBe(20);
  });

  it('start 100 TLS handshakes a second in all', async () => {
    const { enter, clock } = world({ unknown: 100_000 });
    const next = addresses();
    const tries = () => Array.from({ length: 400 }, () => enter(next(), { isTls: true })).filter(Boolean).length;
    expect(tries()).toBe(200);
    await clock.advance(1_000);
    expect(tries()).toBe(100);
  });
});

describe('clients of this machine', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', 'local'])(
    '%s comes in 10,000 times at once, with TLS too',
    (address) => {
      const { enter, evicted, gate } = world();
      for (let count = 0; count < 10_000; count += 1) expect(enter(address, { isTls: true })).toBeDefined();
      expect(evicted).toEqual([]);
      expect(gate.sockets).toEqual({ known: 0, unknown: 10_000 });
      expect(enter('192.0.2.1')).toBeDefined();
      expect(evicted).toEqual([address]);
    },
  );

  it('do not count among the strangers', () => {
    const { enter, evicted } = world({ unknown: 5 });
    for (let count = 0; count < 100; count += 1) enter('127.0.0.1');
    for (let count = 0; count < 5; count += 1) enter(`10.0.0.${count}`);
    expect(evicted).toEqual([]);
    enter('10.0.0.9');
    expect(evicted).toEqual(['10.0.0.0']);
  });
});

describe('all places', () => {
  it('are given to strangers only while no client has them', () => {
    const { enter, evicted, gate } = world({ sockets: 3 });
    const guests = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => enter(address));
    guests[0]?.admitted();
    guests[1]?.admitted();
    expect(enter('10.0.0.4')).toBeDefined();
    expect(evicted).toEqual(['10.0.0.3']);
    guests[2]?.admitted();
    expect(gate.sockets).toEqual({ known: 2, unknown: 1 });
  });

  it('are full when clients have them all; one that leaves makes room', () => {
    const { enter, gate } = world({ sockets: 2 });
    const guests = [enter('127.0.0.1'), enter('10.0.0.2')];
    for (const guest of guests) guest?.admitted();
    expect(enter('10.0.0.3')).toBeUndefined();
    expect(gate.refused.full).toBe(1);
    guests[0]?.closed();
    guests[0]?.closed();
    guests[0]?.admitted();
    expect(gate.sockets).toEqual({ known: 1, unknown: 0 });
    expect(enter('10.0.0.3')).toBeDefined();
  });
});

it('counts right whatever comes and goes', () => {
  const step = fc.record({
    address: fc.constantFrom('127.0.0.1', '10.0.0.1', '10.0.0.2', '2001:db8::1'),
    isTls: fc.boolean(),
    guest: fc.nat(20),
    what: fc.constantFrom('enter', 'admitted', 'closed'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { gate } = world({ sockets: 8, unknown: 4, unknownEach: 2 });
      const open: Open[] = [];
      for (const { address, isTls, guest: index, what } of steps) {
        const one = open[index];
        if (what === 'enter') {
          const entry: Open = { guest: undefined, isKnown: false, isGone: false };
          const evict = () => {
            expect(entry.isKnown || entry.isGone).toBe(false);
            entry.isGone = true;
          };
          entry.guest = gate.enter({ address, isTls, evict });
          if (entry.guest !== undefined) open.push(entry);
        } else if (what === 'admitted' && one !== undefined) {
          one.guest?.admitted();
          one.isKnown ||= !one.isGone;
        } else if (one !== undefined) {
          one.guest?.closed();
          one.isGone = true;
        }
        const there = open.filter(({ isGone }) => !isGone);
        const known = there.filter(({ isKnown }) => isKnown).length;
        expect(gate.sockets).toEqual({ known, unknown: there.length - known });
        expect(there.length).toBeLessThanOrEqual(8);
      }
    }),
  );
});

describe('the log', () => {
  it('hears of each address once a minute, with the reason and the number left out', async () => {
    const { gate, lines, clock } = world();
    for (let count = 0; count < 50; count += 1) gate.refuse('handshake', '192.0.2.1', 'ERR_SSL_NO_SHARED_CIPHER');
    gate.refuse('late', '192.0.2.2');
    expect(lines.map(({ fields }) => [fields.code, fields.address, fields.refusal, fields.leftOut])).toEqual([
      ['HB190', '192.0.2.1', 'handshake', undefined],
      ['HB190', '192.0.2.2', 'late', 49],
    ]);
    expect(lines[0]?.fields.reason).toBe('the TLS handshake failed: ERR_SSL_NO_SHARED_CIPHER');
    await clock.advance(60_000);
    gate.refuse('handshake', '192.0.2.1');
    expect(lines.length).toBe(3);
    expect(gate.refused).toMatchObject({ handshake: 51, late: 1 });
  });

  it('has at most 100 lines a minute', () => {
    const { gate, lines } = world();
    for (let count = 0; count < 1_000; count += 1) gate.refuse('gone', `10.0.${count >> 8}.${count & 255}`);
    expect(lines.length).toBe(100);
    expect(gate.refused.gone).toBe(1_000);
  });
});

describe('addresses', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:127.0.0.1', '127.0.0.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s is shown as %s', (address, shown) => expect(plainAddress(address)).toBe(shown));

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is of %s', (address, network) => expect(networkOf(address)).toBe(network));

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) =>
    expect(isLoopback(address)).toBe(true),
  );
  it.each(['128.0.0.1', '0.0.0.0', '::', '::ffff:192.0.2.1', '127.0.0.1.example.org'])('%s is another', (address) =>
    expect(isLoopback(address)).toBe(false),
  );
});
