import { describe, expect, it } from 'vitest';
import { makeLocalRights, makeRights } from '../../../src/broker/access/credential-rights.ts';
import { RightsBook } from '../../../src/broker/access/rights-book.ts';
import { makeTopicRights } from '../../../src/broker/topic-rights.ts';
import type { Credential } from '../../../src/schemes/credential.ts';

const topicRights = makeTopicRights('kitchen');
const NONE = { read: [], write: [], plain: false, certificates: [] };

function rightsOf(credential: Partial<Credential>, clientId = 'c1') {
  return makeRights({ credential: { ...NONE, name: 'u', role: 'device', ...credential }, clientId, topicRights });
}

const ROLES = {
  viewer: rightsOf({ role: 'viewer' }),
  operator: rightsOf({ role: 'operator' }),
  admin: rightsOf({ role: 'admin' }),
  local: makeLocalRights('local', topicRights),
  device: rightsOf({ prefix: 'tasmota1' }),
  bound: rightsOf({ prefix: 'house/plug1', clientId: 'DVES_12' }, 'DVES_12'),
} as const;

type Who = keyof typeof ROLES;
const ALL: readonly Who[] = ['viewer', 'operator', 'admin', 'local', 'device', 'bound'];
const READERS: readonly Who[] = ['viewer', 'operator', 'admin', 'local'];
const WRITERS: readonly Who[] = ['operator', 'admin', 'local'];

const READS: readonly (readonly [filter: string, who: readonly Who[]])[] = [
  ['#', READERS],
  ['+/+', READERS],
  ['hanbus/#', READERS],
  ['hanbus/kitchen/$res/read', READERS],
  ['tasmota1', [...READERS, 'device']],
  ['tasmota1/#', [...READERS, 'device']],
  ['tasmota1/+/state', [...READERS, 'device']],
  ['cmnd/tasmota1/#', [...READERS, 'device']],
  ['stat/tasmota1/RESULT', [...READERS, 'device']],
  ['tele/tasmota1/+', [...READERS, 'device']],
  ['cmnd/tasmotas/#', [...READERS, 'device', 'bound']],
  ['cmnd/house/plug1/#', [...READERS, 'bound']],
  ['cmnd/DVES_12_fb/#', [...READERS, 'bound']],
  ['house/plug1/x', [...READERS, 'bound']],
  ['house/plug2/x', READERS],
  ['house/#', READERS],
  ['tasmota12/#', READERS],
  ['tasmota/#', READERS],
  ['+/tasmota1/#', READERS],
  ['cmnd/+/POWER', READERS],
  ['cmnd/#', READERS],
  ['other/tasmota1/#', READERS],
  ['stat/tasmotas/#', READERS],
  ['cmnd/DVES_99_fb/#', READERS],
  ['$SYS/#', ['admin', 'local']],
  ['$SYS/broker/clients/connected', ['admin', 'local']],
  ['$other/x', []],
  ['$share/g/x', []],
];

const WRITES: readonly (readonly [topic: string, who: readonly Who[]])[] = [
  ['hanbus/kitchen/lamp/power/set', WRITERS],
  ['hanbus/kitchen/lamp/power/$cmd', WRITERS],
  ['hanbus/kitchen/lamp/power/$publish/set', WRITERS],
  ['hanbus/kitchen/$req/read', WRITERS],
  ['hanbus/kitchen/$req/undo', WRITERS],
  ['hanbus/kitchen/$req/why', WRITERS],
  ['hanbus/kitchen/$req/set', WRITERS],
  ['hanbus/kitchen/$req/stop', ['admin']],
  ['hanbus/kitchen/$req/apply', ['admin']],
  ['hanbus/kitchen/$req/rule', ['admin']],
  ['hanbus/kitchen/$req/replay', ['admin']],
  ['hanbus/kitchen/$req/whatever', ['admin']],
  ['hanbus/cellar/$req/stop', ['admin']],
  ['hanbus/kitchen/lamp/power', []],
  ['hanbus/kitchen/$state', []],
  ['hanbus/home/guests', WRITERS],
  ['$SYS/broker/uptime', []],
  ['my/own', WRITERS],
  ['tasmota1', [...WRITERS, 'device']],
  ['tasmota1/a/b', [...WRITERS, 'device']],
  ['tele/tasmota1/LWT', [...WRITERS, 'device']],
  ['stat/tasmota1/RESULT', [...WRITERS, 'device']],
  ['cmnd/tasmota1/POWER', [...WRITERS, 'device']],
  ['stat/house/plug1/POWER', [...WRITERS, 'bound']],
  ['cmnd/tasmotas/POWER', WRITERS],
  ['cmnd/DVES_12_fb/POWER', WRITERS],
  ['cmnd/tasmota2/POWER', WRITERS],
  ['tele/tasmota12/LWT', WRITERS],
  ['other/tasmota1/x', WRITERS],
];

describe('who may read', () => {
  const cases = READS.flatMap(([filter, who]) => ALL.map((one) => [one, filter, who.includes(one)] as const));
  it.each(cases)('%s subscribes to %s: %s', (who, filter, allowed) => {
    expect(ROLES[who].read(filter)).toEqual(
      allowed ? undefined : expect.objectContaining({ reason: 0x87, code: 'HB194' }),
    );
  });
});

describe('who may write', () => {
  const cases = WRITES.flatMap(([topic, who]) => ALL.map((one) => [one, topic, who.includes(one)] as const));
  it.each(cases)('%s publishes to %s: %s', (who, topic, allowed) => {
    const refusal = ROLES[who].write({ topic, retain: false, isEmpty: false });
    if (allowed) expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject({ reason: 0x87, code: expect.stringMatching(/^HB(182|188|194)$/) });
  });
});

describe('a device', () => {
  const write = (topic: string, isEmpty = false) => ROLES.device.write({ topic, retain: true, isEmpty });

  it('retains its states, but no commands', () => {
    expect(write('tele/tasmota1/LWT')).toBeUndefined();
    for (const topic of ['cmnd/tasmota1/POWER', 'tasmota1/light/set']) {
      expect(write(topic)).toMatchObject({ code: 'HB181', reason: 0x83 });
      expect(write(topic, true)).toBeUndefined();
    }
  });

  it('gets what patterns open beside its prefix', () => {
    const rights = rightsOf({
      prefix: 'lamp',
      read: ['homeassistant/status'],
      write: ['homeassistant/+/lamp/+/config'],
    });
    expect(rights.read('homeassistant/status')).toBeUndefined();
    expect(rights.read('homeassistant/#')).toBeDefined();
    expect(
      rights.write({ topic: 'homeassistant/light/lamp/main/config', retain: true, isEmpty: false }),
    ).toBeUndefined();
    expect(rights.write({ topic: 'homeassistant/light/door/main/config', retain: true, isEmpty: false })).toBeDefined();
  });

  it('has patterns alone when it has no prefix', () => {
    const rights = rightsOf({ write: ['sensor/%c/#'] }, 'esp1');
    expect(rights.write({ topic: 'sensor/esp1/t', retain: false, isEmpty: false })).toBeUndefined();
    expect(rights.write({ topic: 'sensor/esp2/t', retain: false, isEmpty: false })).toBeDefined();
    expect(rights.read('sensor/esp1/t')).toBeDefined();
  });
});

describe('patterns of other roles are all that they get', () => {
  it('viewer', () => {
    const rights = rightsOf({ role: 'viewer', read: ['hanbus/+/+/+', 'home/%u/#'] });
    expect(rights.read('hanbus/+/air/+')).toBeUndefined();
    expect(rights.read('home/u/x')).toBeUndefined();
    expect(rights.read('hanbus/#')).toBeDefined();
    expect(rights.read('$SYS/#')).toBeDefined();
  });

  it('operator', () => {
    const rights = rightsOf({ role: 'operator', write: ['hanbus/+/lamp/+/set'] });
    const write = (topic: string) => rights.write({ topic, retain: false, isEmpty: false });
    expect(write('hanbus/kitchen/lamp/power/set')).toBeUndefined();
    expect(write('hanbus/kitchen/door/lock/set')).toBeDefined();
    expect(rights.read('#')).toBeUndefined();
  });
});

describe('the objects', () => {
  const credential: Credential = { ...NONE, name: 'u', role: 'viewer' };

  it('are one per credential, whatever the client id', () => {
    const book = new RightsBook(topicRights);
    expect(book.of(credential, 'a')).toBe(book.of(credential, 'b'));
    expect(book.of({ ...credential }, 'a')).not.toBe(book.of(credential, 'a'));
  });

  it('are one per client id where patterns have %c, and a thousand at most are kept', () => {
    const book = new RightsBook(topicRights);
    const own = { ...credential, read: ['home/%c/#'] };
    const first = book.of(own, 'a');
    expect(book.of(own, 'a')).toBe(first);
    expect(book.of(own, 'b')).not.toBe(first);
    for (let count = 0; count < 1_000; count += 1) book.of(own, `c${count}`);
    expect(book.of(own, 'a')).not.toBe(first);
    expect(book.of(own, 'a').read('home/a/x')).toBeUndefined();
  });
});
