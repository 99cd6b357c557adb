import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

const linesOf = async (agent: string, board: string) =>
  (await ask(agent, treePorts(board))).seen.map(({ group, what }) => `${group}: ${what}`);

describe('pwm agent', () => {
  it('counts channels and drives none', async () => {
    expect(await linesOf('pwm', 'pi4')).toEqual(['pwm: 2 channels of platform/soc/fe20c000.pwm']);
    expect((await ask('pwm', treePorts('pi4'))).seen[0]?.why).toMatch(/^1 in use/);
  });
});
