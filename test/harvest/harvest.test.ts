import { describe, expect, test } from 'vitest';
import type { Agent } from '../../src/harvest/agent.ts';
import { makeHarvest, runHarvest } from '../../src/harvest/harvest.ts';
import { Unavailable } from '../../src/kit/errors.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { treePorts } from '../fakes/tree-ports.ts';

const agentThat = (name: string, interrogate: Agent['interrogate']): Agent => ({ name, summary: name, interrogate });
const well = agentThat('well', async () => ({
  found: [],
  seen: [{ group: 'board', what: 'all is well', source: 'test', why: 'it is' }],
}));

function world() {
  const { log, lines } = makeFakeLog();
  return { ports: treePorts('pi4'), log, lines, clock: makeFakeClock() };
}

describe('runHarvest', () => {
  test('gives the report of each agent under its name', async () => {
    const { reports } = await runHarvest([well], world());
    expect([...reports.keys()]).toEqual(['well']);
    expect(reports.get('well')?.seen[0]?.what).toBe('all is well');
  });

  test.each([
    ['throws', async () => Promise.reject(new TypeError('x is undefined')), 'HB100'],
    [
      'throws at once',
      () => {
        throw new Error('too early');
      },
      'HB100',
    ],
    ['is refused', async () => Promise.reject(new Unavailable('gone', { code: 'HB102' })), 'HB102'],
  ])('an agent that %s becomes a seen line and a log line', async (_name, interrogate, code) => {
    const here = world();
    const { reports, failed } = await runHarvest([agentThat('sick', interrogate), well], here);
    expect([...failed]).toEqual(['sick']);
    expect(reports.get('well')?.seen).toHaveLength(1);
    expect(reports.get('sick')).toMatchObject({ found: [], seen: [{ what: 'sick unknown', source: 'sick', code }] });
    expect(here.lines).toMatchObject([
      { level: 'error', text: 'a harvest agent failed', fields: { agent: 'sick', code } },
    ]);
  });

  test('an agent that hangs ends after 5 s, and the others do not wait', async () => {
    const here = world();
    let asked = 0;
    const quick = agentThat('quick', async () => {
      asked += 1;
      return { found: [], seen: [] };
    });
    const all = runHarvest([agentThat('stuck', () => new Promise(() => undefined)), quick], here);
    await here.clock.advance(4_999);
    expect(asked).toBe(1);
    let isOver = false;
    void all.then(() => {
      isOver = true;
    });
    await here.clock.advance(0);
    expect(isOver).toBe(false);
    await here.clock.advance(1);
    expect((await all).reports.get('stuck')?.seen).toMatchObject([{ code: 'HB143' }]);
    expect(here.clock.pending).toBe(0);
  });
});

describe('makeHarvest', () => {
  const sick = (outcomes: readonly (() => Promise<Awaited<ReturnType<Agent['interrogate']>>>)[]) => {
    let round = 0;
    return agentThat('sick', async () => {
      round += 1;
      return await (outcomes[round - 1] ?? (async () => ({ found: [], seen: [] })))();
    });
  };

  test('an agent that fails round after round is logged once, and once more when it answers again', async () => {
    const here = world();
    const fails = async () => Promise.reject(new Error('broken'));
    const agents = [sick([fails, fails, fails])];
    const harvest = makeHarvest();
    const failures: number[] = [];
    for (let round = 0; round < 5; round += 1) failures.push((await harvest(agents, here)).failed.size);
    expect(failures).toEqual([1, 1, 1, 0, 0]);
    expect(here.lines.map(({ level, text }) => [level, text])).toEqual([
      ['error', 'a harvest agent failed'],
      ['info', 'a harvest agent answers again'],
    ]);
  });

  test('an agent that still hangs is not asked anew, until it has settled', async () => {
    const here = world();
    let release: () => void = () => undefined;
    let asked = 0;
    const stuck = agentThat('stuck', async () => {
      asked += 1;
      if (asked === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return { found: [], seen: [] };
    });
    const harvest = makeHarvest();
    const first = harvest([stuck], here);
    await here.clock.advance(5_000);
    expect((await first).failed.size).toBe(1);
    expect((await harvest([stuck], here)).reports.get('stuck')?.seen[0]?.why).toContain('it still hangs');
    expect(asked).toBe(1);
    release();
    await here.clock.advance(0);
    expect((await harvest([stuck], here)).failed.size).toBe(0);
    expect(asked).toBe(2);
  });
});
