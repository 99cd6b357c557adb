import { describe, expect, it } from 'vitest';
import { treePorts } from '../../fakes/tree-ports.ts';
import { openKind } from '../../harvest/kernel-agents.ts';

describe('thermal', () => {
  it('reads milli degrees', async () => {
    const { read, points } = await openKind('thermal', { at: 'thermal:cpu-thermal' }, treePorts('pi4'));
    expect(await read()).toEqual({ temperature: 48.3 });
    expect(points.temperature).toMatchObject({ unit: '°C', range: [-40, 150] });
  });

  it('is Unavailable when the zone is not there', async () => {
    await expect(openKind('thermal', { at: 'thermal:moon' }, treePorts('pi4'))).rejects.toThrow('thermal:moon');
  });
});
