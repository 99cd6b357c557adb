import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/kit/errors.ts';
import { treePorts } from '../../fakes/tree-ports.ts';
import { openKind } from '../../harvest/kernel-agents.ts';

const id = '28-0316a2794cff';
const probe = `/sys/devices/w1_bus_master1/${id}`;
const powerOn = { quality: 'bad', why: expect.stringContaining('after power-on') };

async function openProbe() {
  const ports = treePorts('pi4');
  const { read } = await openKind('ds18b20', { at: `1wire:${id}` }, ports);
  const say = async (text: string) => {
    ports.files.set(`${probe}/temperature`, text);
    return (await read()).temperature;
  };
  return { ports, read, say };
}

describe('1-Wire thermometers', () => {
  it('read the file of new kernels', async () => {
    const { say } = await openProbe();
    expect([await say('21437'), await say('-1250'), await say('0')]).toEqual([21.437, -1.25, 0]);
  });

  it('read the file of old kernels, with its checksum', async () => {
    const { ports, read } = await openProbe();
    ports.files.remove(`${probe}/temperature`);
    expect(await read()).toEqual({ temperature: 21.437 });
    const bytes = '57 01 4b 46 7f ff 0c 10 2d';
    ports.files.set(`${probe}/w1_slave`, `${bytes} : crc=2e NO\n${bytes} t=21437`);
    await expect(read()).rejects.toThrow('checksum');
    ports.files.set(`${probe}/w1_slave`, '00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0');
    await expect(read()).rejects.toThrow('shorted to ground');
    ports.files.set(`${probe}/w1_slave`, `${bytes} : crc=2d YES\n${bytes}`);
    await expect(read()).rejects.toThrow('no temperature');
  });

  it('do not believe 85 °C before there was another value', async () => {
    const { say } = await openProbe();
    expect(await say('85000')).toEqual(powerOn);
    expect(await say('85000')).toEqual(powerOn);
    expect(await say('84500')).toBe(84.5);
    expect(await say('85000')).toBe(85);
  });

  it('do not believe 85 °C in a fridge, and keep comparing with the last good value', async () => {
    const { say } = await openProbe();
    expect(await say('4125')).toBe(4.125);
    expect(await say('85000')).toEqual(powerOn);
    expect(await say('4187')).toBe(4.187);
    expect(await say('85062')).toBe(85.062);
  });

  it.each([
    ['75000', 85],
    ['95000', 85],
    ['74937', powerOn],
    ['95062', powerOn],
  ])('compare with 10 °C of room: after %s', async (before, expected) => {
    const { say } = await openProbe();
    await say(before);
    expect(await say('85000')).toEqual(expected);
  });

  it('call -127 °C not connected', async () => {
    const { say } = await openProbe();
    expect(await say('-127000')).toEqual({ quality: 'bad', why: 'the probe is not connected' });
  });

  it('are Unavailable when pulled out, silent or empty', async () => {
    const { ports, read, say } = await openProbe();
    await expect(say('')).rejects.toThrow(Unavailable);
    ports.files.fail(`${probe}/temperature`, 'EIO');
    await expect(read()).rejects.toThrow('input/output error');
    ports.files.remove(`/sys/bus/w1/devices/${id}`);
    await expect(read()).rejects.toThrow(Unavailable);
    await expect(openKind('ds18b20', { at: `1wire:${id}` }, ports)).rejects.toThrow('is not on the bus');
  });

  it.each([
    ['ds18s20', '10-00080278ab12', 19.5],
    ['ds1822', '22-0000001b2c3d', 22.187],
    ['ds1825', '3b-0000002c3d4e', 431.25],
    ['ds28ea00', '42-0000003d4e5f', 7.937],
  ])('%s reads its family', async (kind, probeId, temperature) => {
    const { read, points } = await openKind(kind, { at: `1wire:${probeId}` }, treePorts('pi4'));
    expect(await read()).toEqual({ temperature });
    expect(points.temperature).toMatchObject({ unit: '°C', deviceClass: 'temperature' });
  });

  it('go through the port of the bus where there is one', async () => {
    const ports = { ...treePorts('pi4'), oneWire: { temperature: async (folder: string) => `${folder.length}000` } };
    const { read } = await openKind('ds18b20', { at: `1wire:${id}` }, ports);
    expect(await read()).toEqual({ temperature: `/sys/bus/w1/devices/${id}`.length });
  });
});

describe('other 1-Wire chips', () => {
  it('DS2408 tells the level of each pin', async () => {
    const ports = treePorts('pi4');
    const { read } = await openKind('ds2408', { at: '1wire:29-0000000c41f7' }, ports);
    const state = '/sys/devices/w1_bus_master1/29-0000000c41f7/state';
    ports.files.set(state, Uint8Array.of(0b1000_0001));
    const low = { p1: false, p2: false, p3: false, p4: false, p5: false, p6: false };
    expect(await read()).toEqual({ p0: true, ...low, p7: true });
    ports.files.set(state, Uint8Array.of());
    await expect(read()).rejects.toThrow('did not answer');
  });

  it('DS2438 tells temperature and voltages', async () => {
    const ports = treePorts('pi4');
    const { read } = await openKind('ds2438', { at: '1wire:26-000001a2b3c4' }, ports);
    expect(await read()).toEqual({ temperature: 21.31, input: 1.63, supply: 5.02 });
    ports.files.set('/sys/devices/w1_bus_master1/26-000001a2b3c4/temperature', '-640');
    expect(await read()).toMatchObject({ temperature: -2.5 });
  });
});
