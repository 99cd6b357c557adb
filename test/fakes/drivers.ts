import type { InputDriver, OpenInput, Samples } from '../../src/drivers/driver.ts';
import type { Points } from '../../src/schemes/point.ts';

export interface ScriptedOptions {
  readonly kind?: string;
  readonly every?: string;
  readonly points?: Points;
  /** The samples of read number `count`, from 1. */
  readonly read: (count: number) => Samples<string> | Promise<Samples<string>>;
}

export interface Scripted {
  readonly driver: InputDriver;
  /** The options of each opening. */
  readonly opened: unknown[];
  closes: number;
  reads: number;
}

const POINTS: Points = { value: { type: 'number', unit: '°C', range: [-55, 125], decimals: 1 } };

/** A driver whose every reading the test writes down. */
export function makeScripted({ kind = 'scripted', every = '5s', points = POINTS, read }: ScriptedOptions): Scripted {
  const scripted: Scripted = {
    driver: {
      kind,
      summary: 'Says what the test wants.',
      options: {},
      points,
      every,
      example: {},
      open: async (options: unknown): Promise<OpenInput<string>> => {
        scripted.opened.push(options);
        return {
          read: async () => {
            scripted.reads += 1;
            return read(scripted.reads);
          },
          close: async () => {
            scripted.closes += 1;
          },
        };
      },
    },
    opened: [],
    closes: 0,
    reads: 0,
  };
  return scripted;
}
