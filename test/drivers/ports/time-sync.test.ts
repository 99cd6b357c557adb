import { describe, expect, test } from 'vitest';
import { type Adjtimex, kernelClock, loadAdjtimex } from '../../../src/drivers/ports/adjtimex.ts';
import { makeSimulatedFiles } from '../../../src/drivers/ports/simulated-files.ts';
import { makeTimeSyncPort } from '../../../src/drivers/ports/time-sync.ts';
import { Unavailable } from '../../../src/kit/errors.ts';
import { treeFiles, treeProcess } from '../../fakes/tree.ts';

interface Timex {
  readonly maxErrorUs: number;
  readonly status: number;
}

/** Fills struct timex as the kernel does: offsets by the size of a long. */
function fakeKernel(wordBytes: 4 | 8, { maxErrorUs, status }: Timex): Adjtimex {
  return (timex) => {
    const view = new DataView(timex.buffer);
    if (view.getUint32(0, true) !== 0) throw new Error('the call must not change the clock');
    if (wordBytes === 8) view.setBigInt64(24, BigInt(maxErrorUs), true);
    else view.setInt32(12, maxErrorUs, true);
    view.setInt32(wordBytes === 8 ? 40 : 20, status, true);
    return 0;
  };
}

describe('the kernel clock', () => {
  test.each([4, 8] as const)('with longs of %i bytes', (wordBytes) => {
    const ask = (timex: Timex) => kernelClock(fakeKernel(wordBytes, timex), wordBytes);
    expect(ask({ maxErrorUs: 12_500, status: 0x2001 })).toEqual({ synced: true, errorMs: 12.5 });
    expect(ask({ maxErrorUs: 16_000_000, status: 0x0040 })).toEqual({ synced: false });
    expect(ask({ maxErrorUs: 16_000_000, status: 0 })).toEqual({ synced: true });
    expect(ask({ maxErrorUs: -1, status: 0 })).toEqual({ synced: true });
  });

  test('is unknown when the call is refused', () => {
    expect(kernelClock(() => -1, 8)).toBeUndefined();
  });

  test('of this machine answers', async () => {
    const state = kernelClock(await loadAdjtimex(), 8);
    expect(state?.synced).toEqual(expect.any(Boolean));
  });
});

describe('time sync port', () => {
  const process = treeProcess('bare-vm');
  const noKoffi = async () => {
    throw new Unavailable('no koffi', { code: 'HB144' });
  };
  const empty = () => makeSimulatedFiles({ entries: new Map(), spaces: new Map() });

  test('believes the kernel first, and loads the call once', async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      return fakeKernel(8, { maxErrorUs: 900, status: 0 });
    };
    const port = makeTimeSyncPort({ files: treeFiles('pi4'), process, load });
    expect(await port.state()).toEqual({ synced: true, errorMs: 0.9, source: 'kernel' });
    await port.state();
    expect(loads).toBe(1);
  });

  test('without koffi the mark of timesyncd counts', async () => {
    const port = makeTimeSyncPort({ files: treeFiles('pi4'), process, load: noKoffi });
    expect(await port.state()).toEqual({ synced: true, source: 'timesyncd' });
  });

  test('without the mark systemd is asked', async () => {
    const port = makeTimeSyncPort({ files: empty(), process: treeProcess('pi4'), load: async () => () => -1 });
    expect(await port.state()).toEqual({ synced: true, source: 'timedatectl' });
  });

  test('timesyncd without its mark has not synchronised', async () => {
    const files = empty();
    files.set('/run/systemd/timesync/clock', '');
    const port = makeTimeSyncPort({ files, process, load: noKoffi });
    expect(await port.state()).toEqual({ synced: false, source: 'timesyncd' });
  });

  test('when nobody tells it is Unavailable, with every reason', async () => {
    const port = makeTimeSyncPort({ files: empty(), process, load: noKoffi });
    await expect(port.state()).rejects.toMatchObject({
      name: 'Unavailable',
      code: 'HB144',
      message: 'nothing tells whether the clock is right: no koffi; timedatectl is not installed',
    });
  });

  test('a bug is not hidden', async () => {
    const load = async () => {
      throw new TypeError('bug');
    };
    await expect(makeTimeSyncPort({ files: empty(), process, load }).state()).rejects.toThrow(TypeError);
  });
});
