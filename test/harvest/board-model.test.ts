import { describe, expect, test } from 'vitest';
import { makeSimulatedFiles } from '../../src/drivers/ports/simulated-files.ts';
import { boardModel } from '../../src/harvest/board-model.ts';
import { treeFiles } from '../fakes/tree.ts';

const empty = () => makeSimulatedFiles({ entries: new Map(), spaces: new Map() });

describe('boardModel', () => {
  test.each([
    ['pi3', 'Raspberry Pi 3B', 'a02082'],
    ['pi4', 'Raspberry Pi 4B', 'c03114'],
    ['pi5', 'Raspberry Pi 5B', 'd04170'],
    ['pi-zero-2w', 'Raspberry Pi Zero 2 W', '902120'],
  ])('%s is a %s', async (board, short, revision) => {
    expect(await boardModel(treeFiles(board))).toMatchObject({ short, revision });
  });

  test.each([
    ['Raspberry Pi Model B Rev 2', 'Raspberry Pi B'],
    ['Raspberry Pi Model B Plus Rev 1.2', 'Raspberry Pi B+'],
    ['Raspberry Pi 3 Model A Plus Rev 1.0', 'Raspberry Pi 3A+'],
    ['Raspberry Pi 400 Rev 1.0', 'Raspberry Pi 400'],
    ['Raspberry Pi Compute Module 4 Rev 1.1', 'Raspberry Pi Compute Module 4'],
    ['Raspberry Pi Zero W Rev 1.1', 'Raspberry Pi Zero W'],
    ['Hardkernel ODROID-N2', 'Hardkernel ODROID-N2'],
  ])('%s in short: %s', async (model, short) => {
    const files = empty();
    files.set('/proc/device-tree/model', `${model}\u0000`);
    expect(await boardModel(files)).toEqual({ model, short });
  });

  test('a laptop has the name that people know', async () => {
    expect(await boardModel(treeFiles('x86-laptop'))).toEqual({
      model: 'LENOVO ThinkPad T480 (20L5S00000)',
      short: 'ThinkPad T480',
    });
  });

  test.each([
    [{ sys_vendor: 'QEMU', product_name: 'Standard PC (Q35 + ICH9, 2009)' }, 'virtual machine'],
    [{ sys_vendor: 'Microsoft Corporation', product_name: 'Virtual Machine' }, 'virtual machine'],
    [{ sys_vendor: 'innotek GmbH', product_name: 'VirtualBox' }, 'virtual machine'],
    [{ sys_vendor: 'Dell Inc.', product_name: 'OptiPlex 7050' }, 'Dell Inc. OptiPlex 7050'],
    [{ sys_vendor: 'To Be Filled By O.E.M.', board_vendor: 'ASRock', board_name: 'N100DC-ITX' }, 'ASRock N100DC-ITX'],
    [{ sys_vendor: 'System manufacturer', product_name: 'System Product Name' }, 'unknown board'],
  ])('%j is a %s', async (facts, short) => {
    const files = empty();
    for (const [name, text] of Object.entries(facts)) files.set(`/sys/class/dmi/id/${name}`, `${text}\n`);
    expect(await boardModel(files)).toMatchObject({ short });
  });

  test('without both, the processor tells', async () => {
    expect((await boardModel(treeFiles('bare-vm'))).short).toBe('virtual machine');
    const files = empty();
    files.set('/proc/cpuinfo', 'processor\t: 0\nmodel name\t: Imaginary 9000\nflags\t\t: fpu vme\n');
    expect(await boardModel(files)).toEqual({ model: 'Imaginary 9000', short: 'Imaginary 9000' });
  });

  test('binary junk is no name', async () => {
    expect(await boardModel(treeFiles('hostile'))).toEqual({ model: 'unknown board', short: 'unknown board' });
    expect(await boardModel(empty())).toEqual({ model: 'unknown board', short: 'unknown board' });
  });
});
