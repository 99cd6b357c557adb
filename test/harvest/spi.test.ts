import { describe, expect, it } from 'vitest';
import { treePorts } from '../fakes/tree-ports.ts';
import { ask } from './kernel-agents.ts';

const linesOf = async (agent: string, board: string) =>
  (await ask(agent, treePorts(board))).seen.map(({ group, what }) => `${group}: ${what}`);

describe('spi agent', () => {
  it('says who has each chip select', async () => {
    const { seen } = await ask('spi', treePorts('pi4'));
    expect(seen.map(({ what, why }) => [what, why])).toEqual([
      ['spi0.0 mcp2515', 'the kernel driver mcp251x has it'],
      ['spi0.1 free', expect.stringContaining('/dev/spidev0.1')],
    ]);
  });

  it('does not take the flash of a Pi 5 for the header', async () => {
    expect(await linesOf('spi', 'pi5')).toEqual(['spi10: spi10.0 free', 'spi0: off']);
  });

  it('says who may open it', async () => {
    const ports = treePorts('pi4');
    ports.files.fail('/dev/spidev0.1', 'EACCES');
    expect((await ask('spi', ports)).seen[1]).toMatchObject({ code: 'HB102', fix: 'sudo usermod -aG spi $USER' });
  });
});
