import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeOneWirePort, writeAttribute } from '../../../src/drivers/ports/one-wire.ts';
import { Unavailable } from '../../../src/kit/errors.ts';
import { makeFakeClock, settle } from '../../fakes/clock.ts';
import { treeFiles } from '../../fakes/tree.ts';

const folder = (id: string) => `/sys/bus/w1/devices/${id}`;
const master = '/sys/devices/w1_bus_master1';
const [first, second] = ['28-0316a2794cff', '28-0000071a2b3c'];
const signal = new AbortController().signal;

/** The bus of the Pi 4 tree, with a kernel that measures all at once within 750 ms. */
function openBus() {
  const files = treeFiles('pi4');
  const clock = makeFakeClock();
  const written: string[] = [];
  const write = async (path: string, text: string) => {
    written.push(`${path} ${JSON.stringify(text)}`);
    files.set(path, '-1');
    clock.after(750, () => files.set(path, '1'));
  };
  return { files, clock, written, port: makeOneWirePort({ files, clock, write }) };
}

describe('1-Wire port', () => {
  it('lets one measurement serve all thermometers of a bus', async () => {
    const { clock, port, written } = openBus();
    const both = Promise.all([port.temperature(folder(first), signal), port.temperature(folder(second), signal)]);
    await clock.advance(1_000);
    expect(await both).toEqual(['21437', '-1250']);
    expect(written).toEqual([`${master}/therm_bulk_read "trigger\\n"`]);
  });

  it('measures again for a probe that has been read, and when the values have grown old', async () => {
    const { clock, port, written } = openBus();
    const read = async (id: string) => {
      const text = port.temperature(folder(id), signal);
      await clock.advance(1_000);
      return await text;
    };
    await read(first);
    await read(first);
    expect(written).toHaveLength(2);
    await read(second);
    expect(written).toHaveLength(2);
    await read(first);
    await clock.advance(11_000);
    await read(second);
    expect(written).toHaveLength(4);
  });

  it('never reads two probes of a bus at once', async () => {
    const { files, clock, port } = openBus();
    files.remove(`${master}/therm_bulk_read`);
    files.hang(`${master}/${first}/temperature`);
    const stop = new AbortController();
    const hanging = port.temperature(folder(first), stop.signal);
    const next = port.temperature(folder(second), signal);
    let isDone = false;
    void next.then(() => {
      isDone = true;
    });
    await clock.advance(5_000);
    expect(isDone).toBe(false);
    stop.abort(new Unavailable('no answer within 5000 ms'));
    await expect(hanging).rejects.toThrow('no answer');
    expect(await next).toBe('-1250');
  });

  it('does not start what was given up while it waited', async () => {
    const { files, port } = openBus();
    files.remove(`${master}/therm_bulk_read`);
    const stop = new AbortController();
    stop.abort(new Unavailable('no answer within 5000 ms'));
    await expect(port.temperature(folder(first), stop.signal)).rejects.toThrow('no answer');
    expect(files.asked).not.toContain(`${folder(first)}/temperature`);
  });

  it('reads one by one where it may not ask for a common measurement, and asks once only', async () => {
    const files = treeFiles('pi4');
    let asked = 0;
    const write = async () => {
      asked += 1;
      throw new Unavailable('cannot write: EACCES');
    };
    const port = makeOneWirePort({ files, clock: makeFakeClock(), write });
    expect(await port.temperature(folder(first), signal)).toBe('21437');
    expect(await port.temperature(folder(second), signal)).toBe('-1250');
    expect(asked).toBe(1);
  });

  it('does not wait for ever when the kernel never says that it is done', async () => {
    const files = treeFiles('pi4');
    const clock = makeFakeClock();
    const write = async (path: string) => files.set(path, '-1');
    const read = makeOneWirePort({ files, clock, write }).temperature(folder(first), signal);
    await clock.advance(2_100);
    await settle();
    expect(await read).toBe('21437');
  });

  it('asks for nothing when there is one thermometer', async () => {
    const { files, port, written } = openBus();
    for (const name of await files.list(master))
      if (name.includes('-') && name !== first) files.remove(`${master}/${name}`);
    expect(await port.temperature(folder(first), signal)).toBe('21437');
    expect(written).toEqual([]);
  });
});

describe('writing a kernel attribute', () => {
  it('writes the file that is there, and creates none', async () => {
    const here = mkdtempSync(join(tmpdir(), 'attribute-'));
    try {
      const path = join(here, 'trigger');
      await expect(writeAttribute(path, 'trigger\n')).rejects.toThrow(Unavailable);
      writeFileSync(path, '');
      await writeAttribute(path, 'trigger\n');
      expect(readFileSync(path, 'utf8')).toBe('trigger\n');
    } finally {
      rmSync(here, { recursive: true });
    }
  });
});
