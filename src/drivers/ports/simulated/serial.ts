import type { Clock } from '../../../kit/clock.ts';
import { Unavailable } from '../../../kit/errors.ts';
import type { PollableHeard } from '../pollable.ts';
import type { SerialPort } from '../serial-line.ts';
import { SerialStream } from '../serial-stream.ts';

/** What is at the other end of the cable. */
export interface SerialEndpoint {
  /** The port was opened: `say` sends bytes to it until it is closed. */
  opened(say: (bytes: Uint8Array) => void, baud: number): void;
  hear(bytes: Uint8Array): void;
  closed(): void;
}

export interface SimulatedSerial extends SerialPort {
  plug(path: string, endpoint: SerialEndpoint): void;
  /** Whoever has it open hears that it is gone. */
  unplug(path: string): void;
}

interface Port {
  readonly endpoint: SerialEndpoint;
  heard: PollableHeard | undefined;
}

export function makeSimulatedSerial(clock: Clock): SimulatedSerial {
  const ports = new Map<string, Port>();
  return {
    open: async (path, { baud }) => {
      const port = ports.get(path);
      if (port === undefined) throw new Unavailable(`cannot open ${path}: nothing is plugged in`, { code: 'HB106' });
      if (port.heard !== undefined) {
        throw new Unavailable(`${path} is used by another program`, { code: 'HB104' });
      }
      const stream = new SerialStream(path, clock, (heard) => connect(port, heard));
      port.endpoint.opened((bytes) => port.heard?.bytes(bytes), baud);
      return stream;
    },
    plug: (path, endpoint) => void ports.set(path, { endpoint, heard: undefined }),
    unplug: (path) => {
      const port = ports.get(path);
      ports.delete(path);
      const { heard } = port ?? {};
      if (port !== undefined) port.heard = undefined;
      if (heard === undefined) return;
      port?.endpoint.closed();
      heard.end(undefined);
    },
  };
}

function connect(port: Port, heard: PollableHeard) {
  port.heard = heard;
  return {
    write: async (bytes: Uint8Array) => {
      if (port.heard !== heard) throw new Error('EIO');
      port.endpoint.hear(bytes);
    },
    close: async () => {
      if (port.heard !== heard) return;
      port.heard = undefined;
      port.endpoint.closed();
    },
  };
}
