import { describe, expect, it } from 'vitest';
import { treePorts } from '../../fakes/tree-ports.ts';
import { openKind } from '../../harvest/kernel-agents.ts';

const bad = (why: string) => ({ quality: 'bad', why: expect.stringContaining(why) });

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
