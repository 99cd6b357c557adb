import { describe, expect, test } from 'vitest';
import { makePwmPort } from '../../../src/drivers/ports/pwm.ts';
import { makeSimulatedFiles } from '../../../src/drivers/ports/simulated-files.ts';

const CHIP = '/sys/class/pwm/pwmchip0';

/** A chip that refuses what the kernel refuses: a pulse longer than its period, and power without a period. */
function fakeChip() {
  const files = makeSimulatedFiles({ spaces: new Map() });
  const written: string[] = [];
  files.set(`${CHIP}/npwm`, '2\n');
  const number = async (name: string) => Number(await files.text(`${CHIP}/pwm1/${name}`));
  const write = async (path: string, text: string) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    written.push(`${name}=${text}`);
    if (name === 'export') {
      for (const part of ['period', 'duty_cycle', 'enable']) files.set(`${CHIP}/pwm${text}/${part}`, '0\n');
      return;
    }
    if (name === 'period' && (await number('duty_cycle')) > Number(text)) throw new Error('EINVAL');
    if (name === 'duty_cycle' && (await number('period')) < Number(text)) throw new Error('EINVAL');
    if (name === 'enable' && (await number('period')) === 0) throw new Error('EINVAL');
    files.set(path, `${text}\n`);
  };
  return { files, written, port: makePwmPort({ files, write }) };
}

describe('PWM port', () => {
  test('exports the channel, plays and falls silent', async () => {
    const { port, written } = fakeChip();
    const channel = await port.open('pwmchip0:1');
    expect([written, await channel.playing()]).toEqual([['export=1'], 0]);
    await channel.play(880);
    expect(written.slice(1)).toEqual(['duty_cycle=0', 'period=1136364', 'duty_cycle=568182', 'enable=1']);
    expect(await channel.playing()).toBe(880);
    // From low to high: the period becomes shorter than the pulse was.
    await channel.play(4_000);
    expect(await channel.playing()).toBe(4_000);
    await channel.play(0);
    expect(await channel.playing()).toBe(0);
  });

  test('a tone that goes on from before is ended at the start', async () => {
    const { port, files } = fakeChip();
    files.set(`${CHIP}/pwm1/period`, '1000000');
    files.set(`${CHIP}/pwm1/duty_cycle`, '500000');
    files.set(`${CHIP}/pwm1/enable`, '1');
    expect(await (await port.open('pwmchip0:1')).playing()).toBe(0);
  });

  test('no chip is Unavailable with what to do', async () => {
    await expect(fakeChip().port.open('pwmchip3:0')).rejects.toMatchObject({
      name: 'Unavailable',
      fix: 'add dtoverlay=pwm to /boot/firmware/config.txt',
    });
  });
});
