import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/harvest/agent.ts';
import { runHarvest } from '../../src/harvest/harvest.ts';
import { MOST_FOUND } from '../../src/harvest/tidy.ts';
import type { Found, Report } from '../../src/schemes/found.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { treePorts } from '../fakes/tree-ports.ts';

const ESC = '\u001b[2J';

function device(at: string, more: Partial<Found> = {}): Found {
  const provenance = { source: `/sys/${at}`, why: `it is ${at}` };
  return { kind: 'led', name: 'led', at, group: 'board', options: {}, certainty: 'sure', provenance, ...more };
}

async function harvested(report: Report): Promise<Report | undefined> {
  const agent: Agent = { name: 'odd', summary: 'Odd.', interrogate: async () => report };
  const { reports } = await runHarvest([agent], { ports: treePorts('bare-vm'), log: makeFakeLog().log });
  return reports.get('odd');
}

describe('a report of an agent', () => {
  it('never steers a terminal', async () => {
    const seen = [{ group: 'board', what: `veth${ESC}`, source: `a\u0007`, why: `\u202eb\n` }];
    const found = [device('led:a', { about: `light ${ESC}`, provenance: { source: `s${ESC}`, why: `w${ESC}` } })];
    const report = await harvested({ found, seen });
    expect(report?.found).toMatchObject([{ about: 'light ?[2J', provenance: { source: 's?[2J', why: 'w?[2J' } }]);
    expect(report?.seen).toEqual([{ group: 'board', what: 'veth?[2J', source: 'a?', why: '?b?' }]);
  });

  it('claims no device whose place or options cannot be printed', async () => {
    const odd = [device(`led:${ESC}`), device('net:x', { options: { interface: `eth${ESC}` } }), device('led:ü')];
    const report = await harvested({ found: odd, seen: [] });
    expect(report?.found.map(({ at }) => at)).toEqual(['led:ü']);
    expect(report?.seen.map(({ what }) => what)).toEqual(['led:?[2J', 'net:x']);
  });

  it('brings a bounded number of devices', async () => {
    const found = Array.from({ length: MOST_FOUND + 7 }, (_, index) => device(`led:${index}`));
    const report = await harvested({ found, seen: [] });
    expect(report?.found).toHaveLength(MOST_FOUND);
    expect(report?.seen).toMatchObject([{ what: '7 more of kind led' }]);
  });
});
