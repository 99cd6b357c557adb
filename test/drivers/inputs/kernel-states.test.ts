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

describe('lights', () => {
  it('tell brightness in % and the trigger that works', async () => {
    const { read } = await openKind('led', { at: 'led:PWR' }, treePorts('pi4'));
    expect(await read()).toEqual({ brightness: 100, trigger: 'default-on' });
    const keyboard = await openKind('led', { at: 'led:tpacpi::kbd_backlight' }, treePorts('x86-laptop'));
    expect(await keyboard.read()).toEqual({ brightness: 50, trigger: 'none' });
  });

  it('do not divide by nothing', async () => {
    const { read } = await openKind('led', { at: 'led:bad' }, treePorts('hostile'));
    expect(await read()).toEqual({ brightness: bad('no brightness and maximum') });
  });

  it('tell whether a screen is lit', async () => {
    const laptop = await openKind('backlight', { at: 'backlight:intel_backlight' }, treePorts('x86-laptop'));
    expect(await laptop.read()).toEqual({ brightness: 50, power: false });
    const pi = await openKind('backlight', { at: 'backlight:10-0045' }, treePorts('pi4'));
    expect(await pi.read()).toEqual({ brightness: 50.2, power: true });
  });
});

describe('rtc', () => {
  const ports = () => {
    const made = treePorts('x86-laptop');
    made.files.set('/proc/stat', 'cpu  1 2 3 4\nbtime 1763796000\nprocesses 5');
    made.files.set('/proc/uptime', '600.25 1100.00');
    return made;
  };
  const clock = '/sys/class/rtc/rtc0';

  it('compares with the time of the system', async () => {
    const made = ports();
    made.files.set(`${await made.files.link(clock)}/since_epoch`, '1763796590');
    const { read } = await openKind('rtc', { at: 'rtc:rtc_cmos' }, made);
    expect(await read()).toEqual({ offset: -10, battery: true });
  });

  it('tells a dead battery, and the charge of a Pi 5', async () => {
    const made = ports();
    made.files.set('/proc/driver/rtc', 'rtc_time\t: 08:26:40\nbatt_status\t: dead');
    const { read } = await openKind('rtc', { at: 'rtc:rtc_cmos' }, made);
    expect(await read()).toMatchObject({ battery: false });
    const pi = await openKind('rtc', { at: 'rtc:soc@107c000000:firmware:rpi_rtc' }, treePorts('pi5'));
    expect(await pi.read()).toMatchObject({ charging: 3 });
  });

  it('marks a time that is none', async () => {
    const made = ports();
    const { read } = await openKind('rtc', { at: 'rtc:rtc_cmos' }, made);
    made.files.set('/proc/stat', 'cpu 1');
    expect(await read()).toMatchObject({ offset: bad('no time in seconds') });
  });
});
