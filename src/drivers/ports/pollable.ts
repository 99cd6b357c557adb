import { close, constants, open } from 'node:fs';
import { Socket } from 'node:net';

export interface PollableHeard {
  bytes(bytes: Uint8Array): void;
  /** Nothing more will come; called once, not after `close`. */
  end(error: Error | undefined): void;
}

/**
 * A descriptor that the event loop waits for, without a thread. It must be one that Node did not open itself: a worker
 * thread would close it a second time at its end, whoever has that number then.
 */
export interface Pollable {
  write(bytes: Uint8Array): Promise<void>;
  /** Closes the descriptor too. */
  close(): Promise<void>;
}

interface Handle {
  open(fd: number): number;
}

/**
 * Has the event loop watch any descriptor that can be polled: lines of a GPIO chip, serial ports. Node offers this for
 * pipes and sockets only, so the descriptor is given to the handle of a pipe, which reads and writes it like any other.
 */
export function openPollable(fd: number, heard: PollableHeard): Pollable {
  const handle = pipeHandle();
  const failed = handle.open(fd);
  if (failed !== 0) throw new Error(`the event loop does not take descriptor ${fd}: ${failed}`);
  const options = { handle, readable: true, writable: true };
  const socket = new Socket(options);
  let isClosed = false;
  let error: Error | undefined;
  socket.on('data', (bytes) => heard.bytes(bytes));
  socket.on('error', (cause) => {
    error = cause;
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  void ended.then(() => {
    if (!isClosed) heard.end(error);
  });
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (cause) => (cause ? reject(cause) : resolve()))),
    close: async () => {
      isClosed = true;
      socket.destroy();
      await ended;
    },
  };
}

/** A new pipe handle. Its class is not public: it is taken from a socket that begins to connect to nowhere. */
function pipeHandle(): Handle {
  const probe = new Socket();
  probe.on('error', () => undefined); // nobody listens there: expected
  probe.connect({ path: `\0hanbus-${process.pid}-nobody` });
  const made: unknown = Reflect.get(probe, '_handle');
  const maker: unknown = typeof made === 'object' && made !== null ? Reflect.get(made, 'constructor') : undefined;
  probe.destroy();
  const handle: unknown = typeof maker === 'function' ? Reflect.construct(maker, [0]) : undefined;
  if (!isHandle(handle)) throw new Error('this Node has no pipe handles: use the pinned one');
  return handle;
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'open') === 'function';
}

/** Opens a device file for reading and writing, without waiting for it and without making it the terminal of this process. */
export function openDevice(path: string): Promise<number> {
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  return new Promise((resolve, reject) => open(path, flags, (error, fd) => (error ? reject(error) : resolve(fd))));
}

export function closeFd(fd: number): Promise<void> {
  return new Promise((resolve) => close(fd, () => resolve()));
}
