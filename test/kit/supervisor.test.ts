import { describe, expect, it } from 'vitest';
import { HanbusError } from '../../src/kit/errors.ts';
import { type Running, supervise } from '../../src/kit/supervisor.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

function setUp() {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const fatal: string[] = [];
  const world = { clock, random: () => 1, log, onFatal: (service: string) => void fatal.push(service) };
  return { clock, lines, fatal, world };
}

describe('supervise', () => {
  it('restarts with growing waits, logs once, and tells when it is back', async () => {
    const { clock, lines, world } = setUp();
    const starts: number[] = [];
    const start = async (): Promise<Running> => {
      starts.push(clock.mono());
      if (starts.length < 4) throw new HanbusError('HB141', 'not yet');
      return { stop: async () => undefined };
    };
    supervise({ name: 'one', start }, world);
    await clock.advance(60_000);
    expect(starts).toEqual([0, 1_000, 3_000, 7_000]);
    expect(lines.map(({ text }) => text)).toEqual(['service failed', 'service is back']);
    expect(lines[0]?.fields).toMatchObject({ service: 'one', code: 'HB141', reason: 'not yet', outcome: 'restart' });
  });

  it('restarts what fails while running', async () => {
    const { clock, world } = setUp();
    let fail: (error: unknown) => void = () => undefined;
    let starts = 0;
    const start = async (): Promise<Running> => {
      starts += 1;
      return { failed: new Promise((_resolve, reject) => (fail = reject)), stop: async () => undefined };
    };
    supervise({ name: 'one', start }, world);
    await clock.advance(1);
    fail(new Error('broke'));
    await clock.advance(2_000);
    expect(starts).toBe(2);
  });

  it('leaves, or ends the node, when the service says so', async () => {
    const { clock, fatal, lines, world } = setUp();
    const start = async (): Promise<Running> => Promise.reject(new Error('no'));
    supervise({ name: 'left', start, judge: () => 'leave' }, world);
    supervise({ name: 'deadly', start, judge: () => 'fatal' }, world);
    await clock.advance(600_000);
    expect(fatal).toEqual(['deadly']);
    expect(lines.map(({ fields }) => fields.service)).toEqual(['left']);
    expect(clock.pending).toBe(0);
  });

  it('stops what runs, once, and what starts too late', async () => {
    const { clock, world } = setUp();
    let stops = 0;
    const stop = async () => {
      stops += 1;
    };
    const running = supervise({ name: 'one', start: async () => ({ stop }) }, world);
    await running.ready;
    await running.stop();
    await running.stop();
    expect(stops).toBe(1);
    let finish: (running: Running) => void = () => undefined;
    const late = supervise({ name: 'late', start: () => new Promise((resolve) => (finish = resolve)) }, world);
    await late.stop();
    finish({ stop });
    await clock.advance(1);
    expect(stops).toBe(2);
  });
});
