import { describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/service.ts';
import { openInput, readTwice } from '../../contracts/input-driver.ts';
import { boardNames } from '../../fakes/tree-format.ts';
import { treePorts } from '../../fakes/tree-ports.ts';

const never = new AbortController().signal;
const readOn = async (board: string, unit: string) =>
  await (await openInput(driver, { unit }, treePorts(board))).read?.(never);

describe('service', () => {
  test('reads a unit that runs', async () => {
    expect(await readOn('pi4', 'ssh')).toEqual({ active: true, state: 'active', restarts: 2, memory: 6.82 });
  });

  test('a failed unit has no memory', async () => {
    expect(await readOn('pi4', 'bluetooth-mesh.service')).toEqual({ active: false, state: 'failed', restarts: 5 });
  });

  test('a unit that does not exist is Unavailable', async () => {
    await expect(readOn('pi4', 'nosuch')).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'systemd has no unit nosuch.service',
    });
  });

  test('a machine without systemd is Unavailable', async () => {
    await expect(readOn('bare-vm', 'ssh')).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'systemctl is not installed',
    });
  });

  test('states that systemd does not have are bad', async () => {
    expect(await readOn('hostile', 'ssh')).toMatchObject({
      active: false,
      state: { quality: 'bad' },
      restarts: { quality: 'bad' },
      memory: { quality: 'bad' },
    });
  });

  test.each(['-H evil', '--host=evil', 'a b', '', 'a;reboot', '$(reboot)', 'x'.repeat(300)])(
    'the unit "%s" is refused before anything runs',
    async (unit) => {
      await expect(openInput(driver, { unit }, treePorts('pi4'))).rejects.toMatchObject({ name: 'OptionsError' });
    },
  );

  test.each(boardNames())('tells no lie on %s', async (board) => {
    for (const unit of ['ssh', 'nosuch', 'bluetooth-mesh']) await readTwice(driver, { unit }, treePorts(board));
  });
});
