import { describe, expect, test } from 'vitest';
import { agent as board } from '../../src/harvest/board.ts';
import { agent as clock } from '../../src/harvest/clock.ts';
import { agent as disk } from '../../src/harvest/disk.ts';
import { agent as network } from '../../src/harvest/network.ts';
import { agent as power } from '../../src/harvest/power.ts';
import { agent as services } from '../../src/harvest/services.ts';
import { isName } from '../../src/schemes/names.ts';
import { boardNames } from '../fakes/tree-format.ts';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './ask.ts';

const agents = [board, clock, disk, network, power, services];
describe('every agent of the board', () => {
  test.each(boardNames().flatMap((name) => agents.map((agent) => [name, agent.name, agent] as const)))(
    'answers on %s: %s',
    async (name, _agent, agent) => {
      const { found, seen } = await ask(agent, treePorts(name));
      for (const { name: device, at, about, provenance } of found) {
        expect([device, isName(device)]).toEqual([device, true]);
        expect([at, about, provenance.source, provenance.why].map((text) => (text ?? '').length > 0)).toEqual(
          Array(4).fill(true),
        );
      }
      expect(new Set(found.map(({ at }) => at)).size).toBe(found.length);
      expect(new Set(found.map(({ name: device }) => device)).size).toBe(found.length);
      for (const { what, source, why } of seen) expect([what, source, why]).not.toContain('');
    },
  );

  test.each(boardNames())('finds the same on %s again', async (name) => {
    for (const agent of agents) {
      expect(await ask(agent, treePorts(name))).toEqual(await ask(agent, treePorts(name)));
    }
  });

  test.each(agents.map((agent) => [agent.name, agent] as const))(
    '%s does not throw on an empty system',
    async (_n, agent) => {
      const ports = treePorts('pi4');
      for (const folder of ['/proc', '/sys', '/dev', '/run']) ports.files.remove(folder);
      expect((await ask(agent, ports)).found).toEqual([]);
    },
  );
});

describe('board agent', () => {
  test('there is one board, and load is its point', async () => {
    expect((await ask(board, treePorts('pi4'))).found).toMatchObject([
      { kind: 'board', name: 'board', at: 'board', options: {}, about: 'Raspberry Pi 4 Model B Rev 1.4' },
    ]);
  });
});

describe('clock agent', () => {
  test('says nothing when all is well, and what to do when not', async () => {
    expect(await ask(clock, treePorts('pi4'))).toEqual({ found: [], seen: [] });
    const ports = treePorts('pi4');
    ports.files.remove('/run/systemd/timesync/synchronized');
    ports.files.set('/run/systemd/timesync/clock', '');
    const process = treePorts('bare-vm').process;
    const unsynced = { ...ports, timeSync: { state: async () => ({ synced: false, source: 'kernel' }) }, process };
    expect((await ask(clock, unsynced)).seen).toMatchObject([
      { group: 'clock', what: 'not synchronised', code: 'HB112', fix: 'sudo timedatectl set-ntp true' },
    ]);
  });
});

describe('power agent', () => {
  test.each([
    ['pi3', 'in0_lcrit_alarm', ['under-voltage now']],
    ['pi4', 'get_throttled', []],
    ['pi5', 'get_throttled', ['under-voltage now']],
    ['pi-zero-2w', 'vcgencmd', []],
  ])('%s is asked through %s', async (name, source, complaints) => {
    const { found, seen } = await ask(power, treePorts(name));
    expect(found).toMatchObject([{ kind: 'power', name: 'power', at: 'board:power' }]);
    expect(found[0]?.provenance.source).toContain(source);
    expect(seen.map(({ what }) => what)).toEqual(complaints);
  });

  test.each(['x86-laptop', 'bare-vm', 'hostile'])('%s is no Raspberry Pi', async (name) => {
    expect(await ask(power, treePorts(name))).toEqual({ found: [], seen: [] });
  });
});

describe('services agent', () => {
  test('lists failed units and claims none', async () => {
    const { found, seen } = await ask(services, treePorts('pi4'));
    expect([found.length, seen.map(({ what }) => what)]).toEqual([0, ['bluetooth-mesh.service has failed']]);
    expect(await ask(services, treePorts('pi5'))).toEqual({ found: [], seen: [] });
    expect(await ask(services, treePorts('bare-vm'))).toEqual({ found: [], seen: [] });
  });

  test('a systemd that does not answer is seen', async () => {
    const ports = treePorts('hostile');
    ports.files.set('/run/systemd/system/x', '');
    expect((await ask(services, ports)).seen).toMatchObject([{ what: 'services unknown' }]);
  });
});
