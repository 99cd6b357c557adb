import { mkdtempSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CredentialAccess, openCredentialAccess } from '../../src/broker/access/credential-access.ts';
import { type Broker, openBroker } from '../../src/broker/broker.ts';
import { Bus } from '../../src/bus/bus.ts';
import { makeSystemClock } from '../../src/kit/clock.ts';
import type { CredentialsAnswer } from '../../src/schemes/contracts.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { endAll, freePort, hanbus, hanbusOnce, makeHome } from '../fakes/processes.ts';
import { start, until } from './mqtt-programs.ts';

const folder = mkdtempSync('/tmp/hanbus-credentials-');
const { log, lines } = makeFakeLog();
const clock = makeSystemClock();
const heard = new Set<string>();
let bus: Bus;
let broker: Broker;
let access: CredentialAccess;
let port = 0;

/** What is retained, so that whoever may read a topic gets something at once. */
const RETAINED = [
  '$SYS/broker/uptime',
  'cmnd/tasmotas/POWER',
  'hanbus/kitchen/air/temperature',
  'other/x',
  'stat/tasmota1/RESULT',
  'stat/tasmota2/RESULT',
  'tasmota1/x',
];

beforeAll(async () => {
  bus = new Bus((error) => {
    throw error;
  });
  for (const topic of RETAINED) bus.publish({ topic, payload: 'kept', retain: true, origin: 'test' });
  access = await openCredentialAccess({ folder, clock, log, node: 'kitchen' });
  broker = openBroker({ bus, clock, log, node: 'kitchen', access });
  ({ port } = await broker.listenTcp({ port: 0 }));
  bus.subscribe('#', ({ topic }) => void heard.add(topic), { origin: 'test' });
});
afterAll(async () => {
  access.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The real command line, with no node that it could ask. */
async function credentials(...argv: string[]): Promise<CredentialsAnswer> {
  const program = start('env', [
    ...[`HANBUS_DATA=${folder}`, `HANBUS_RUNTIME=${folder}`, process.execPath, 'src/cli/hanbus.ts'],
    ...['credentials', ...argv, '--json'],
  ]);
  const code = await program.ended;
  if (code !== 0) throw new Error(`hanbus credentials ${argv.join(' ')}: ${code} ${program.lines.join(' | ')}`);
  return answerIn(program.lines.join('\n'));
}

function answerIn(text: string): CredentialsAnswer {
  return JSON.parse(text.split('\n').find((line) => line.startsWith('{')) ?? '');
}

/** Makes a login; the flags that a client comes in with, once the broker has read the file. */
async function login(name: string, ...flags: string[]): Promise<readonly string[]> {
  const { password = '' } = await credentials('add', name, ...flags);
  const { length } = (await credentials('ls')).credentials;
  await until('the broker has read it', () => lines.some(({ fields }) => fields.credentials === length));
  return ['-u', name, '-P', password];
}

const at = (version = '5') => ['-h', '127.0.0.1', '-p', String(port), '-V', version];

/** Whether the message arrived on the bus. */
async function canWrite(as: readonly string[], topic: string): Promise<boolean> {
  heard.delete(topic);
  await start('mosquitto_pub', [...at(), ...as, '-q', '1', '-t', topic, '-m', 'x']).ended;
  return heard.has(topic);
}

/** Whether the subscription was granted, and brought what is retained there. */
async function canRead(as: readonly string[], filter: string): Promise<boolean> {
  const program = start('mosquitto_sub', [...at(), ...as, '-t', filter, '-C', '1', '-W', '20', '-F', '%t %p']);
  const code = await program.ended;
  if (code === 0 && program.lines.some((line) => line.endsWith(' kept'))) return true;
  expect(program.lines.join('\n')).toMatch(/denied|not authori/i);
  return false;
}

const READS = [
  '#',
  'tasmota1/#',
  'stat/tasmota1/#',
  'cmnd/tasmotas/#',
  'stat/+/RESULT',
  'other/x',
  'hanbus/#',
  '$SYS/#',
];
const WRITES = [
  'tasmota1/y',
  'tele/tasmota1/STATE',
  'tele/tasmota2/STATE',
  'other/y',
  'hanbus/kitchen/lamp/power/set',
  'hanbus/kitchen/$req/read',
  'hanbus/kitchen/$req/stop',
  'hanbus/kitchen/air/temperature',
];
const EVERYTHING = READS.filter((filter) => filter !== '$SYS/#');
const COMMANDS = WRITES.filter((topic) => !/stop$|temperature$/.test(topic));

interface Case {
  readonly name: string;
  readonly flags: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'tasmota1',
    flags: ['--prefix', 'tasmota1'],
    reads: ['tasmota1/#', 'stat/tasmota1/#', 'cmnd/tasmotas/#'],
    writes: ['tasmota1/y', 'tele/tasmota1/STATE'],
  },
  { name: 'looker', flags: ['--role', 'viewer'], reads: EVERYTHING, writes: [] },
  { name: 'helga', flags: ['--role', 'operator'], reads: EVERYTHING, writes: COMMANDS },
  { name: 'root', flags: ['--role', 'admin'], reads: READS, writes: [...COMMANDS, 'hanbus/kitchen/$req/stop'] },
  {
    name: 'panel',
    flags: ['--role', 'operator', '--read', 'hanbus/#', '--read', 'other/+', '--write', 'hanbus/+/lamp/+/set'],
    reads: ['other/x', 'hanbus/#'],
    writes: ['hanbus/kitchen/lamp/power/set'],
  },
];

describe.each(CASES)('hanbus credentials add $name $flags', ({ name, flags, reads, writes }) => {
  let as: readonly string[] = [];
  beforeAll(async () => {
    as = await login(name, ...flags);
  });

  it('reads exactly what it may', async () => {
    const allowed: string[] = [];
    for (const filter of READS) if (await canRead(as, filter)) allowed.push(filter);
    expect(allowed).toEqual(READS.filter((filter) => reads.includes(filter)));
  });

  it('writes exactly what it may', async () => {
    const allowed: string[] = [];
    for (const topic of WRITES) if (await canWrite(as, topic)) allowed.push(topic);
    expect(allowed).toEqual(WRITES.filter((topic) => writes.includes(topic)));
  });
});

describe('a program of this machine without a login', () => {
  it('is an operator that may look at $SYS', async () => {
    expect(await canRead([], '$SYS/#')).toBe(true);
    expect(await canWrite([], 'hanbus/kitchen/lamp/power/set')).toBe(true);
    expect(await canWrite([], 'hanbus/kitchen/$req/stop')).toBe(false);
  });
});

describe('a login', () => {
  it('is refused alike for a wrong password and for a user that nobody knows', async () => {
    const [, , , password = ''] = await login('bob', '--role', 'viewer');
    const refused = async (version: string, ...as: string[]) => {
      const program = start('mosquitto_pub', [...at(version), ...as, '-t', 'a', '-m', 'x']);
      expect(await program.ended).not.toBe(0);
      return program.lines.join('\n');
    };
    const wrong = await refused('5', '-u', 'bob', '-P', 'nonsense');
    expect(wrong).toMatch(/bad user ?name or password/i);
    expect(await refused('5', '-u', 'nobody', '-P', password)).toBe(wrong);
    expect(await refused('5', '-u', 'bob')).toBe(wrong);
    expect(await refused('mqttv311', '-u', 'bob', '-P', 'nonsense')).toMatch(/bad user ?name or password/i);
  });

  it('ends when it is removed, for clients that are connected too', async () => {
    const as = await login('carl', '--role', 'viewer');
    const program = start('mosquitto_sub', [...at(), ...as, '-t', 'carl/only']);
    await until('subscribed', () => bus.isInterested('carl/only'));
    await credentials('rm', 'carl');
    await until('disconnected', () => broker.counts.clients === 0);
    expect(await canWrite(as, 'carl/only')).toBe(false);
    await program.stop();
  });
});

describe('hanbus up', () => {
  afterAll(endAll);

  // The node does not open its access yet.
  it('takes a login that is made while it runs, and lets it do exactly that', async () => {
    const own = await freePort();
    const home = makeHome(`broker: {listen: ${own}}\n`);
    const node = hanbus(home, 'up', '--name', 'den');
    await node.says(/points are being published/);
    const login = ['-h', '127.0.0.1', '-p', String(own), '-V', '5', '-u', 'tasmota1'];
    const ends = (program: string, ...args: string[]) => start(program, [...login, ...args]).ended;
    expect(await ends('mosquitto_pub', '-P', 'nonsense', '-t', 'tasmota1/x', '-m', 'hi')).not.toBe(0);
    await node.says(/HB192/);
    const { code, text } = await hanbusOnce(home, 'credentials', 'add', 'tasmota1', '--prefix', 'tasmota1', '--json');
    expect(code).toBe(0);
    const { password, try: line } = answerIn(text);
    expect(line).toContain(`-p ${own}`);
    await node.says(/the credentials were read again/);
    expect(await ends('mosquitto_pub', '-P', password ?? '', '-t', 'tasmota1/x', '-r', '-m', 'hi')).toBe(0);
    expect(await ends('mosquitto_sub', '-P', password ?? '', '-t', 'tasmota1/#', '-C', '1', '-W', '20')).toBe(0);
    const denied = start('mosquitto_sub', [...login, '-P', password ?? '', '-t', 'hanbus/#', '-C', '1', '-W', '20']);
    await denied.ended;
    expect(denied.lines.join('\n')).toMatch(/denied|not authori/i);
    expect(await node.end()).toBe(0);
  });
});
