import { describe, expect, it } from 'vitest';
import type { SecretCredential } from '../../../src/broker/access/credential-book.ts';
import { makeAccess } from '../../../src/broker/access/make-access.ts';
import type { Admission, CredentialChange, Login } from '../../../src/broker/access.ts';
import type { Peer } from '../../../src/broker/peer.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const HERE: Peer = { address: '127.0.0.1', transport: 'tcp' };
const LAN_TLS: Peer = { address: '192.168.1.7', transport: 'tls' };
const LAN: Peer = { address: '192.168.1.7', transport: 'tcp' };
const OTHER: Peer = { address: '192.168.1.8', transport: 'tls' };
const bytes = (text: string) => Buffer.from(text);

function credential(name: string, more: Partial<SecretCredential> = {}): SecretCredential {
  const hash = more.secret === undefined && more.certificates === undefined ? { hash: `#${name}-pw` } : {};
  return { name, role: 'operator', read: [], write: [], plain: false, certificates: [], ...hash, ...more };
}

/** A hash is `#` and the password here; `asked` are the hashes that were compared. */
function setUp(credentials: readonly SecretCredential[], isLocalOpen = true) {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const asked: string[] = [];
  const isPasswordOf = async (password: Uint8Array, hash: string) => {
    asked.push(hash);
    return `#${Buffer.from(password).toString()}` === hash;
  };
  const access = makeAccess({ clock, log, node: 'kitchen', isPasswordOf });
  access.setRules({ credentials, isLocalOpen });
  const come = async (login: Partial<Omit<Login, 'password'>> & { password?: string }): Promise<Admission> => {
    const { password, ...rest } = login;
    return await access.admit({
      ...{ clientId: 'c1', peer: LAN_TLS, ...rest },
      ...(password === undefined ? {} : { password: bytes(password) }),
    });
  };
  return { access, clock, lines, asked, come };
}

const nameOf = (admission: Admission) => ('rights' in admission ? admission.rights.name : admission.reason);

describe('without a login', () => {
  it.each([
    [HERE, 'local'],
    [{ address: '::ffff:127.0.0.1', transport: 'tcp' }, 'local'],
    [{ address: '::1', transport: 'tcp' }, 'local'],
    [{ address: 'unix', transport: 'unix' }, 'local'],
    [{ address: 'memory' }, 'local'],
    [{ address: '127.0.0.1', transport: 'ws' }, 0x87],
    [{ address: '127.0.0.1', transport: 'wss' }, 0x87],
    [LAN, 0x87],
    [LAN_TLS, 0x87],
    [{ address: '192.168.1.7', transport: 'wss' }, 0x87],
    [{ address: '::ffff:192.168.1.7', transport: 'tcp' }, 0x87],
  ] as const)('from %j: %s', async (peer, expected) => {
    expect(nameOf(await setUp([]).come({ peer }))).toBe(expected);
  });

  it('nobody comes in when this machine is closed', async () => {
    const { come } = setUp([credential('ann')], false);
    expect(await come({ peer: HERE })).toMatchObject({ reason: 0x87, code: 'HB192' });
    expect(nameOf(await come({ peer: HERE, username: 'ann', password: 'ann-pw' }))).toBe('ann');
  });

  it('a local client is an operator who may read the counters of the broker', async () => {
    const admission = await setUp([]).come({ peer: HERE });
    if (!('rights' in admission)) throw new Error('refused');
    expect(admission.rights).toMatchObject({ name: 'local', role: 'operator' });
    expect(admission.rights.read('$SYS/#')).toBeUndefined();
  });
});

describe('with a login', () => {
  it.each([HERE, LAN_TLS, { address: '10.0.0.1', transport: 'wss' }, { address: 'unix', transport: 'unix' }] as const)(
    'is checked from %j too',
    async (peer) => {
      const { come, access } = setUp([credential('ann')]);
      expect(nameOf(await come({ peer, username: 'ann', password: 'ann-pw' }))).toBe('ann');
      expect(await come({ peer, username: 'ann', password: 'wrong' })).toMatchObject({ reason: 0x86, code: 'HB192' });
      expect(await come({ peer, username: 'ann' })).toMatchObject({ reason: 0x86 });
      expect(await come({ peer, password: 'ann-pw' })).toMatchObject({ reason: 0x86 });
      expect(await come({ peer, username: '', password: '' })).toMatchObject({ reason: 0x86 });
      expect(access.counts).toMatchObject({ admitted: 1, refused: { badLogin: 4 } });
    },
  );

  it('hashes as often for a user that nobody knows, and tells nothing else', async () => {
    const known = setUp([credential('ann'), credential('bob', { secret: 'bob-secret' })]);
    const wrong = await known.come({ username: 'ann', password: 'wrong' });
    const secret = await known.come({ username: 'bob', password: 'wrong' });
    const unknown = await known.come({ username: 'eve', password: 'wrong' });
    const none = await known.come({ username: 'ann' });
    expect(known.asked).toHaveLength(4);
    expect(known.asked[1]).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$/);
    expect(known.asked[2]).toBe(known.asked[1]);
    for (const one of [secret, unknown, none]) {
      expect({ ...one, why: '' }).toEqual({ ...wrong, why: '' });
    }
  });

  it('lets nobody in by the dummy hash', async () => {
    const { access } = setUp([credential('cert', { certificates: ['x'] })]);
    const always = makeAccess({ clock: makeFakeClock(), log: makeFakeLog().log, isPasswordOf: async () => true });
    always.setRules({ credentials: [credential('cert', { certificates: ['x'] })], isLocalOpen: true });
    for (const username of ['cert', 'eve']) {
      const login = { clientId: 'c', peer: LAN_TLS, username, password: bytes('x') };
      expect(await always.admit(login)).toMatchObject({ reason: 0x86 });
    }
    expect(access.counts.admitted).toBe(0);
  });

  it('remembers a right password for an hour, without a promise and without a hash', async () => {
    const { come, access, asked, clock } = setUp([credential('ann')]);
    const login = { clientId: 'c1', peer: LAN_TLS, username: 'ann', password: bytes('ann-pw') };
    expect(access.admit(login)).toBeInstanceOf(Promise);
    await come({ username: 'ann', password: 'ann-pw' });
    const again = access.admit({ ...login, peer: OTHER });
    expect(again).toMatchObject({ rights: { name: 'ann' } });
    expect(asked).toHaveLength(1);
    await come({ username: 'ann', password: 'wrong' });
    expect(asked).toHaveLength(2);
    await clock.advance(3_600_000);
    await come({ username: 'ann', password: 'ann-pw' });
    expect(asked).toHaveLength(3);
  });

  it('takes the secret of a scheme', async () => {
    const { come, asked } = setUp([credential('bob', { secret: 'bob-secret' }), credential('nobody', { secret: 'x' })]);
    expect(nameOf(await come({ username: 'bob', password: 'bob-secret' }))).toBe('bob');
    expect(asked).toEqual([]);
    expect(nameOf(await come({ username: 'nobody', password: 'bob-secret' }))).toBe(0x86);
  });

  it('asks once for the same password from the same place, and turns away who would wait too long', async () => {
    const waiting: ((is: boolean) => void)[] = [];
    const access = makeAccess({
      ...{ clock: makeFakeClock(), log: makeFakeLog().log },
      isPasswordOf: () => new Promise((resolve) => waiting.push(resolve)),
    });
    access.setRules({ credentials: [credential('ann')], isLocalOpen: true });
    const come = (password: string, host: number) =>
      access.admit({
        ...{ clientId: 'c', username: 'ann', password: bytes(password) },
        peer: { address: `10.0.0.${host}`, transport: 'tls' },
      });
    const same = [come('a', 1), come('a', 1), come('a', 1)];
    expect(waiting).toHaveLength(1);
    const more = Array.from({ length: 101 }, (_, index) => come('b', index + 2));
    expect(waiting).toHaveLength(2);
    expect(come('c', 200)).toMatchObject({ reason: 0x89, code: 'HB197' });
    for (let count = 0; count < 102; count += 1) {
      waiting[count]?.(false);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      expect(waiting.length).toBeLessThanOrEqual(count + 3);
    }
    for (const one of await Promise.all([...same, ...more].map(async (one) => await one)))
      expect(one).toMatchObject({ reason: 0x86 });
    expect(access.counts.refused).toMatchObject({ badLogin: 104, busy: 1 });
  });

  it('says busy when the hash itself fails', async () => {
    const { log, lines } = makeFakeLog();
    const isPasswordOf = () => Promise.reject(new Error('no memory'));
    const access = makeAccess({ clock: makeFakeClock(), log, isPasswordOf });
    const login = { clientId: 'c', peer: LAN_TLS, username: 'ann', password: bytes('x') };
    expect(await access.admit(login)).toMatchObject({ reason: 0x89 });
    expect(lines).toMatchObject([{ level: 'error', fields: { reason: 'no memory' } }]);
  });
});

describe('without encryption from another machine', () => {
  it('only a login made for that comes in, and the others are told after the password', async () => {
    const { come } = setUp([credential('ann'), credential('esp', { plain: true })]);
    expect(nameOf(await come({ peer: LAN, username: 'esp', password: 'esp-pw' }))).toBe('esp');
    expect(await come({ peer: LAN, username: 'ann', password: 'ann-pw' })).toMatchObject({
      reason: 0x87,
      code: 'HB193',
    });
    expect(await come({ peer: LAN, username: 'ann', password: 'wrong' })).toMatchObject({ reason: 0x86 });
    const ws: Peer = { ...LAN, transport: 'ws' };
    expect(await come({ peer: ws, username: 'ann', password: 'ann-pw' })).toMatchObject({ reason: 0x87 });
    expect(nameOf(await come({ peer: { ...HERE, transport: 'ws' }, username: 'ann', password: 'ann-pw' }))).toBe('ann');
  });
});

describe('a client certificate', () => {
  const fingerprint = 'ab'.repeat(32);
  const peer: Peer = { ...LAN_TLS, certificate: { fingerprint, name: 'pump' } };
  const pump = credential('pump1', { certificates: ['pump'] });
  const exact = credential('exact', { certificates: [fingerprint] });

  it('stands for the credential that lists its name or fingerprint', async () => {
    expect(nameOf(await setUp([pump]).come({ peer }))).toBe('pump1');
    expect(nameOf(await setUp([pump, exact]).come({ peer }))).toBe('exact');
    expect(nameOf(await setUp([pump]).come({ peer, username: 'pump1' }))).toBe('pump1');
  });

  it('stands for no other user and for no password', async () => {
    const { come } = setUp([pump, credential('ann')]);
    expect(nameOf(await come({ peer, username: 'ann' }))).toBe(0x86);
    expect(nameOf(await come({ peer, username: 'pump1', password: 'x' }))).toBe(0x86);
    expect(nameOf(await come({ peer, username: 'ann', password: 'ann-pw' }))).toBe('ann');
  });

  it('that nobody lists opens nothing', async () => {
    expect(nameOf(await setUp([credential('ann')]).come({ peer }))).toBe(0x87);
  });
});

describe('client ids', () => {
  const bound = credential('tas', { clientId: 'DVES_1' });

  it('belong to the login that is bound to them', async () => {
    const { come } = setUp([bound, credential('ann')]);
    const refused = { reason: 0x85, code: 'HB196' };
    expect(nameOf(await come({ username: 'tas', password: 'tas-pw', clientId: 'DVES_1' }))).toBe('tas');
    expect(await come({ username: 'tas', password: 'tas-pw', clientId: 'other' })).toMatchObject(refused);
    expect(await come({ username: 'ann', password: 'ann-pw', clientId: 'DVES_1' })).toMatchObject(refused);
    expect(await come({ peer: HERE, clientId: 'DVES_1' })).toMatchObject(refused);
    expect(nameOf(await come({ peer: HERE, clientId: 'DVES_2' }))).toBe('local');
  });

  it.each(['+', '#', 'a/b', '$SYS', ''])('%j cannot widen a pattern', async (clientId) => {
    const { come } = setUp([credential('ann', { read: ['home/%c/#'] }), credential('bob')]);
    expect(await come({ username: 'ann', password: 'ann-pw', clientId })).toMatchObject({
      reason: 0x85,
      code: 'HB196',
    });
    expect(nameOf(await come({ username: 'bob', password: 'bob-pw', clientId }))).toBe('bob');
  });
});

describe('failed logins', () => {
  const people = [credential('ann'), credential('bob')];

  async function fail(come: ReturnType<typeof setUp>['come'], login: Parameters<typeof come>[0], times: number) {
    for (let count = 0; count < times; count += 1) await come({ ...login, password: `wrong${count}` });
  }

  it.each([LAN_TLS, HERE])('hold up an address for a minute after five, %j', async (peer) => {
    const { come, clock, asked, access } = setUp(people);
    await fail(come, { peer, username: 'ann' }, 5);
    const hashed = asked.length;
    expect(await come({ peer, username: 'ann', password: 'ann-pw' })).toMatchObject({ reason: 0x8a, code: 'HB195' });
    expect(await come({ peer, username: 'bob', password: 'bob-pw' })).toMatchObject({ reason: 0x8a });
    expect(asked).toHaveLength(hashed);
    expect(access.counts.refused).toMatchObject({ badLogin: 5, held: 2 });
    expect(nameOf(await come({ peer: OTHER, username: 'ann', password: 'ann-pw' }))).toBe('ann');
    await clock.advance(59_999);
    expect(nameOf(await come({ peer, username: 'ann', password: 'ann-pw' }))).toBe(0x8a);
    await clock.advance(1);
    expect(nameOf(await come({ peer, username: 'ann', password: 'ann-pw' }))).toBe('ann');
  });

  it('of one user do not shut out another who came in well from there', async () => {
    const { come } = setUp(people);
    await come({ username: 'bob', password: 'bob-pw' });
    await fail(come, { username: 'ann' }, 5);
    expect(nameOf(await come({ username: 'bob', password: 'bob-pw' }))).toBe('bob');
    expect(nameOf(await come({ username: 'ann', password: 'ann-pw' }))).toBe(0x8a);
    await fail(come, { username: 'bob' }, 5);
    expect(nameOf(await come({ username: 'bob', password: 'bob-pw' }))).toBe(0x8a);
  });

  it('leave clients without a login alone', async () => {
    const { come } = setUp(people);
    await fail(come, { peer: HERE, username: 'ann' }, 5);
    expect(nameOf(await come({ peer: HERE }))).toBe('local');
  });

  it('count when they were all sent before the first was answered', async () => {
    const { access, asked } = setUp(people);
    const sent = Array.from({ length: 20 }, (_, index) =>
      access.admit({ clientId: 'c', peer: LAN_TLS, username: 'ann', password: bytes(`guess${index}`) }),
    );
    const reasons = (await Promise.all(sent.map(async (one) => await one))).map(nameOf);
    // One more may run beside the fifth.
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(reasons.filter((reason) => reason === 0x8a).length).toBeGreaterThanOrEqual(14);
  });

  it('are forgotten when they are ten minutes apart', async () => {
    const { come, clock } = setUp(people);
    for (let count = 0; count < 8; count += 1) {
      await fail(come, { username: 'ann' }, 1);
      await clock.advance(600_000);
    }
    expect(nameOf(await come({ username: 'ann', password: 'ann-pw' }))).toBe('ann');
  });
});

describe('a change of the rules', () => {
  it('takes effect at once and names whose clients must go', async () => {
    const { access, come } = setUp([credential('ann'), credential('bob'), credential('eve')]);
    const heard: CredentialChange[] = [];
    const stop = access.onChange((change) => heard.push(change));
    await come({ username: 'ann', password: 'ann-pw' });
    access.setRules({
      credentials: [credential('ann', { hash: '#new-pw' }), credential('eve'), credential('new')],
      isLocalOpen: true,
    });
    expect(heard).toEqual([{ removed: new Set(['bob']), changed: new Set(['ann']) }]);
    expect(nameOf(await come({ username: 'ann', password: 'ann-pw' }))).toBe(0x86);
    expect(nameOf(await come({ username: 'ann', password: 'new-pw' }))).toBe('ann');
    expect(nameOf(await come({ username: 'bob', password: 'bob-pw' }))).toBe(0x86);
    expect(nameOf(await come({ username: 'new', password: 'new-pw' }))).toBe('new');
    stop();
    access.setRules({ credentials: [], isLocalOpen: true });
    expect(heard).toHaveLength(1);
  });

  it('keeps the rights of what is as before', async () => {
    const { access, come } = setUp([credential('ann')]);
    const before = await come({ username: 'ann', password: 'ann-pw' });
    access.setRules({ credentials: [credential('ann'), credential('bob')], isLocalOpen: true });
    const after = await come({ username: 'ann', password: 'ann-pw' });
    if (!('rights' in before && 'rights' in after)) throw new Error('refused');
    expect(after.rights).toBe(before.rights);
  });

  it('is told when the first or the last plain login comes or goes', () => {
    const { access } = setUp([credential('ann')]);
    const heard: boolean[] = [];
    access.onChange(() => heard.push(access.hasPlain));
    for (const plain of [false, true, true, false]) {
      access.setRules({
        credentials: [credential('ann'), ...(plain ? [credential('esp', { plain })] : [])],
        isLocalOpen: true,
      });
    }
    expect(heard).toEqual([true, false]);
  });

  it('puts out local clients when this machine is closed', () => {
    const { access } = setUp([]);
    const heard: CredentialChange[] = [];
    access.onChange((change) => heard.push(change));
    access.setRules({ credentials: [], isLocalOpen: false });
    access.setRules({ credentials: [], isLocalOpen: false });
    expect(heard).toEqual([{ removed: new Set(['local']), changed: new Set() }]);
  });

  it('tells whose sessions are nobody’s: of a login that is gone, and with a client id that is bound to another', () => {
    const { access } = setUp([credential('ann'), credential('bob', { clientId: 'b' })]);
    expect(['ann', 'bob', 'local', 'eve'].filter((name) => access.isShutOut(name, 'c1'))).toEqual(['eve']);
    expect(['ann', 'bob', 'local', 'eve'].filter((name) => access.isShutOut(name, 'b'))).toEqual([
      'ann',
      'local',
      'eve',
    ]);
    access.setRules({ credentials: [], isLocalOpen: false });
    expect(access.isShutOut('local', 'c1')).toBe(true);
  });

  it('counts also for a password that is being checked', async () => {
    const { access } = setUp([credential('ann')]);
    const login = { clientId: 'c', peer: LAN_TLS, username: 'ann', password: bytes('ann-pw') };
    const coming = access.admit(login);
    access.setRules({ credentials: [], isLocalOpen: true });
    expect(nameOf(await coming)).toBe(0x86);
  });
});
