import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Listener } from '../../../src/broker/listen/listener.ts';
import { run, start } from '../../journeys/mqtt-programs.ts';
import { type DoorsWorld, openWorld, optionsOf } from './doors.ts';

let world: DoorsWorld;
let tls: Listener;
let unix: Listener;

beforeAll(async () => {
  world = await openWorld();
  tls = await world.broker.listen(optionsOf('tls', world));
  unix = await world.broker.listen(optionsOf('unix', world));
});

afterAll(() => world.close());

it.each(['311', '5'])('mosquitto_pub and mosquitto_sub -V %s meet over TLS', async (version) => {
  const at = ['--cafile', world.paths.cert, '-h', 'localhost', '-p', String(tls.port), '-V', version];
  await run('mosquitto_pub', [...at, '-t', `m/${version}`, '-m', 'hello', '-r', '-q', '1']);
  expect(await run('mosquitto_sub', [...at, '-t', `m/${version}`, '-C', '1', '-W', '30'])).toEqual(['hello']);
});

it('mosquitto_pub refuses a node that it does not know', async () => {
  const args = ['-h', 'localhost', '-p', String(tls.port), '--tls-use-os-certs', '-t', 'x', '-m', 'y'];
  expect(await start('mosquitto_pub', args).ended).not.toBe(0);
  await expect.poll(() => world.broker.gate.refused.gone + world.broker.gate.refused.handshake).toBeGreaterThan(0);
});

it('mosquitto_pub comes in by the Unix socket', async () => {
  const at = ['--unix', unix.url.slice('unix:'.length)];
  await run('mosquitto_pub', [...at, '-t', 'u', '-m', 'hello', '-r']);
  expect(await run('mosquitto_sub', [...at, '-t', 'u', '-C', '1', '-W', '30'])).toEqual(['hello']);
});
