import { beforeEach, describe, expect, test } from 'vitest';
import { driver } from '../../../src/drivers/inputs/stall.ts';
import { openInput } from '../../contracts/input-driver.ts';
import { type TreePorts, treePorts } from '../../fakes/tree-ports.ts';

const never = new AbortController().signal;
const stalls = (some: string) => `some ${some} total=361296065\nfull avg10=99.00 avg60=99.00 avg300=99.00 total=0\n`;

describe('stall', () => {
  let ports: TreePorts;
  beforeEach(() => {
    ports = treePorts('pi4');
    ports.files.set('/proc/pressure/cpu', stalls('avg10=12.24 avg60=3.10 avg300=0.46'));
    ports.files.set('/proc/pressure/io', stalls('avg10=0.00 avg60=1.00 avg300=2.00'));
    ports.files.set('/proc/pressure/memory', stalls('avg10=100.00 avg60=40.00 avg300=8.00'));
  });

  test('reads the mean of the time that is asked for', async () => {
    const short = await openInput(driver, { over: '10s' }, ports);
    expect(await short.read?.(never)).toEqual({ cpu: 12.2, io: 0, memory: 100 });
    const long = await openInput(driver, { over: '300s' }, ports);
    expect(await long.read?.(never)).toEqual({ cpu: 0.5, io: 2, memory: 8 });
  });

  test('says nothing of a line that it does not know', async () => {
    ports.files.set('/proc/pressure/io', 'some avg10=lots\n');
    const stall = await openInput(driver, { over: '10s' }, ports);
    expect(await stall.read?.(never)).toEqual({ cpu: 12.2, memory: 100 });
  });

  test('says what to do where the kernel does not measure', async () => {
    const opening = openInput(driver, { over: '10s' }, treePorts('pi3'));
    await expect(opening).rejects.toMatchObject({ code: 'HB141', fix: 'add psi=1 to the command line of the kernel' });
  });
});
