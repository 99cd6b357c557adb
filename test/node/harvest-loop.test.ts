import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/harvest/agent.ts';
import { type Harvest, startHarvestLoop } from '../../src/node/harvest-loop.ts';
import type { Found } from '../../src/schemes/found.ts';
import { makeFakeClock, settle } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { treePorts } from '../fakes/tree-ports.ts';

const found = (at: string): Found => ({
  ...{ kind: 'disk', name: at, at, group: 'board', options: {}, certainty: 'sure' },
  provenance: { source: '/sys', why: 'test' },
});

async function setUp(hotPlug: boolean) {
  const clock = makeFakeClock();
  let present = ['a'];
  let error: Error | undefined;
  let asked = 0;
  const agent: Agent = {
    ...{ name: 'disks', summary: 'test', hotPlug },
    interrogate: async () => {
      asked += 1;
      if (error !== undefined) throw error;
      return { found: present.map(found), seen: [] };
    },
  };
  const changes: string[][] = [];
  const onChange = async (harvest: Harvest) => void changes.push(harvest.found.map(({ at }) => at));
  const { log } = makeFakeLog();
  const loop = await startHarvestLoop({ agents: [agent], ports: treePorts('bare-vm'), log, clock, onChange });
  return {
    ...{ clock, loop, changes },
    asked: () => asked,
    plug: (...names: string[]) => {
      present = names;
    },
    fail: (reason?: Error) => {
      error = reason;
    },
  };
}

describe('startHarvestLoop', () => {
  it('tells a device that comes or goes within 5 s, and nothing while all stays', async () => {
    const { clock, loop, changes, plug } = await setUp(true);
    await clock.advance(20_000);
    plug('a', 'b');
    await clock.advance(5_000);
    plug('b');
    await clock.advance(5_000);
    expect(changes).toEqual([['a'], ['a', 'b'], ['b']]);
    loop.stop();
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  it('asks the others once a minute', async () => {
    const { clock, asked, loop } = await setUp(false);
    await clock.advance(59_000);
    expect(asked()).toBe(1);
    await clock.advance(6_000);
    expect(asked()).toBe(2);
    loop.stop();
  });

  it('keeps what an agent found before while it fails, and shows the failure', async () => {
    const { clock, loop, changes, fail } = await setUp(true);
    fail(new Error('no'));
    await clock.advance(5_000);
    expect(loop.latest.found.map(({ at }) => at)).toEqual(['a']);
    expect(loop.latest.seen[0]?.why).toContain('no');
    fail(undefined);
    await clock.advance(5_000);
    expect(loop.latest.seen).toEqual([]);
    expect(changes).toEqual([['a']]);
    loop.stop();
  });

  it('scans now when asked', async () => {
    const { loop, changes, plug } = await setUp(false);
    plug('a', 'c');
    const harvest = await loop.scan();
    await settle();
    expect(harvest.found.map(({ at }) => at)).toEqual(['a', 'c']);
    expect(changes.at(-1)).toEqual(['a', 'c']);
    loop.stop();
  });
});
