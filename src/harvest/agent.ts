import type { Ports } from '../drivers/ports/ports.ts';
import type { Log } from '../kit/log.ts';
import type { Report } from '../schemes/found.ts';

export interface AgentWorld {
  readonly ports: Ports;
  readonly log: Log;
}

/**
 * Interrogates one corner of the operating system. It only looks: it opens no device, drives no pin and writes nothing.
 * What it cannot read it reports as seen, with the reason; it throws only when it has a bug.
 */
export interface Agent {
  /** Also the file name. */
  readonly name: string;
  /** One sentence for `scan --long` and the reference. */
  readonly summary: string;
  /** True: what it looks at comes and goes, so it is asked every few seconds. Must then be cheap. */
  readonly hotPlug?: boolean;
  interrogate(world: AgentWorld): Promise<Report>;
}
