import { describe, expect, it } from 'vitest';
import { treePorts } from '../../fakes/tree-ports.ts';
import { openKind } from '../../harvest/kernel-agents.ts';

const bad = (why: string) => ({ quality: 'bad', why: expect.stringContaining(why) });

describe('power-supply', () => {
  it('has the points that this very supply tells', async () => {
    const battery = await openKind('power-supply', { at: 'power:BAT0/5512' }, treePorts('x86-laptop'));
    expect(await battery.read()).toEqual({
      capacity: 87,
      cycles: 212,
      power: 9.53,
      status: 'discharging',
      voltage: 12.114,
    });
    expect(battery.points.status?.values).toContain('discharging');
    const mains = await openKind('power-supply', { at: 'power:AC' }, treePorts('x86-laptop'));
    expect(Object.keys(mains.points)).toEqual(['online']);
    expect(await mains.read()).toEqual({ online: false });
  });

  it('reads temperature, current and health, and a word it does not know as unknown', async () => {
    const ports = treePorts('bare-vm');
    const lines = ['TYPE=UPS', 'TEMP=253', 'CURRENT_NOW=-1250000', 'HEALTH=Overheat', 'STATUS=Dreaming', 'ONLINE=2'];
    ports.files.set('/sys/class/power_supply/ups/uevent', lines.map((line) => `POWER_SUPPLY_${line}`).join('\n'));
    const { read } = await openKind('power-supply', { at: 'power:ups' }, ports);
    expect(await read()).toEqual({
      temperature: 25.3,
      current: -1.25,
      health: 'overheat',
      status: 'unknown',
      online: true,
    });
  });

  it('marks what is no number, and what the kernel cannot tell just now', async () => {
    const ports = treePorts('x86-laptop');
    const { read } = await openKind('power-supply', { at: 'power:BAT0/5512' }, ports);
    const real = (await ports.files.link('/sys/class/power_supply/BAT0')) ?? '';
    ports.files.set(
      `${real}/uevent`,
      'POWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_CAPACITY=full\nPOWER_SUPPLY_STATUS=Full',
    );
    expect(await read()).toMatchObject({ capacity: bad('"full"'), voltage: bad('"nothing"'), status: 'full' });
  });

  it('is Unavailable when it is pulled out', async () => {
    const ports = treePorts('x86-laptop');
    const { read } = await openKind('power-supply', { at: 'power:hidpp_battery_0/4069-5c-b1-7f-2e' }, ports);
    expect(await read()).toMatchObject({ capacity: 55 });
    ports.files.remove('/sys/class/power_supply/hidpp_battery_0');
    await expect(read()).rejects.toThrow('is not there any more');
  });
});
