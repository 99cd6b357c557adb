import type { InputDriver, OpenInput } from '../../src/drivers/driver.ts';
import { Ended, OptionsError, Unavailable } from '../../src/kit/errors.ts';
import type { Points } from '../../src/schemes/point.ts';

/** Everything that a driver can do wrong. */
export type Fault =
  | 'close hangs'
  | 'emits nonsense'
  | 'ends'
  | 'floods'
  | 'nothing'
  | 'open hangs'
  | 'open throws'
  | 'options'
  | 'read hangs'
  | 'read is nonsense'
  | 'read is slow'
  | 'read throws a bug'
  | 'read throws'
  | 'throws at once'
  | 'unavailable';

/** What the test does to the faulty device while it runs, and what it sees of it. */
export interface Faulty {
  readonly driver: InputDriver;
  fault: Fault;
  /** Passed on by Unavailable. */
  retryAfterMs: number | undefined;
  opens: number;
  reads: number;
  closes: number;
  /** Reads that run at this moment; never more than one. */
  running: number;
  mostRunning: number;
  /** Ends everything that hangs. */
  release(): void;
  /** Speaks as a listening device does. */
  emit(samples: unknown): void;
  fail(error: unknown): void;
}

const POINTS: Points = {
  level: { type: 'number', unit: '%', range: [0, 100] },
  word: { type: 'enum', values: ['up', 'down'] },
};

/** Values that no driver may give, for every point. */
export const NONSENSE: readonly unknown[] = [
  null,
  undefined,
  42,
  'hello',
  [1, 2],
  { level: Number.NaN },
  { level: 'high' },
  { level: -1e300 },
  { level: null },
  { level: { quality: 'bad', why: 7 } },
  { word: 'sideways' },
  { word: 12n },
  { unheard: 1 },
  { constructor: 1, toString: 2 },
  new Map([['level', 1]]),
];

export interface FaultyOptions {
  readonly every?: string;
  readonly deadline?: string;
  /** It listens instead of being read. */
  readonly listens?: boolean;
  readonly points?: Points;
}

export function makeFaulty(options: FaultyOptions = {}): Faulty {
  const { every = '1s', deadline = '5s', listens = false, points = POINTS } = options;
  const hanging: (() => void)[] = [];
  const hang = <T>(value: T) => new Promise<T>((resolve) => hanging.push(() => resolve(value)));
  let emit: (samples: unknown) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const good = () => ({ level: 50 + (faulty.reads % 10), word: 'up' });

  const read = async (): Promise<unknown> => {
    faulty.reads += 1;
    const { fault } = faulty;
    if (fault === 'read hangs') return hang(good());
    if (fault === 'read is slow') return hang(good());
    if (fault === 'read throws') throw new Unavailable('the wire is loose');
    if (fault === 'unavailable') throw unavailable(faulty.retryAfterMs);
    if (fault === 'read throws a bug') throw new TypeError('cannot read x of undefined');
    if (fault === 'ends') throw new Ended();
    if (fault === 'read is nonsense') return NONSENSE[faulty.reads % NONSENSE.length];
    return good();
  };

  const open = async (): Promise<OpenInput<string>> => {
    faulty.opens += 1;
    if (faulty.fault === 'open throws') throw new Unavailable('nobody answers');
    if (faulty.fault === 'options') throw new OptionsError('no such pin', { fix: 'hanbus scan' });
    if (faulty.fault === 'open hangs') await hang(undefined);
    const close = async () => {
      faulty.closes += 1;
      if (faulty.fault === 'close hangs') await hang(undefined);
    };
    const counted = async () => {
      faulty.running += 1;
      faulty.mostRunning = Math.max(faulty.mostRunning, faulty.running);
      try {
        return await read();
      } finally {
        faulty.running -= 1;
      }
    };
    const listen = async (onSamples: (samples: unknown) => void, onFail: (error: unknown) => void) => {
      emit = onSamples;
      fail = onFail;
    };
    // A faulty driver breaks the types on purpose.
    return (listens ? { listen, close } : { read: counted, close }) as unknown as OpenInput<string>;
  };

  const faulty: Faulty = {
    driver: {
      kind: 'faulty',
      summary: 'Does everything wrong.',
      options: {},
      points,
      ...(listens ? {} : { every }),
      deadline,
      example: {},
      open: (() => {
        if (faulty.fault === 'throws at once') throw new Error('thrown before any promise');
        return open();
      }) as InputDriver['open'],
    },
    fault: 'nothing',
    retryAfterMs: undefined,
    opens: 0,
    reads: 0,
    closes: 0,
    running: 0,
    mostRunning: 0,
    release: () => {
      for (const end of hanging.splice(0)) end();
    },
    emit: (samples) => emit(samples),
    fail: (error) => fail(error),
  };
  return faulty;
}

function unavailable(retryAfterMs: number | undefined): Unavailable {
  return new Unavailable('busy', retryAfterMs === undefined ? {} : { retryAfterMs });
}
