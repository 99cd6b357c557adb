import { describe, expect, test } from 'vitest';
import type { Agent } from '../../src/harvest/agent.ts';
import { runHarvest } from '../../src/harvest/harvest.ts';
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
