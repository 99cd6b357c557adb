import type { Duplex } from 'node:stream';
import type { CredentialChange } from './access.ts';
import { Client } from './client.ts';
import type { Core } from './core.ts';
import { tally } from './counts.ts';
import { type Dispatch, makeDispatch } from './dispatch.ts';
import { onMishap } from './mishap.ts';
import type { Peer } from './peer.ts';
import { ReadTurn } from './read-turn.ts';
import { REASON } from './reason.ts';

/** Where streams come in. */
export interface Door {
  /** Serves MQTT on a stream. */
  readonly attach: (stream: Duplex, peer: Peer) => void;
  /** Lets nobody in any more, says goodbye to all clients and forgets their sessions; settles within `closeMs`. */
  close(beforeForgetting: () => Promise<void> | undefined): Promise<void>;
}

export function makeDoor(core: Core): Door {
  const reading: Reading = { dispatch: makeDispatch(), turn: new ReadTurn(core.bus) };
  const clients = new Map<Client, Duplex>();
  const unknown = new Set<Client>();
  let isClosed = false;
  const stopHearing = core.access.onChange?.((change) => {
    putOut(clients.keys(), change);
    core.sessions.endOf(change.removed);
  });

  return {
    attach(stream, peer) {
      if (isClosed) {
        turnAway(core, stream);
        return;
      }
      makeWay(unknown, core.limits.unknownSockets);
      const client: Client = new Client(core, stream, peer, () => read(client, reading));
      clients.set(client, stream);
      core.counts.sockets += 1;
      unknown.add(client);
      serve(client, stream, reading);
      stream.once('close', () => {
        clients.delete(client);
        unknown.delete(client);
      });
    },
    async close(beforeForgetting) {
      isClosed = true;
      stopHearing?.();
      await Promise.all([...clients].map(([client, stream]) => sayGoodbye(client, stream)));
      await beforeForgetting();
      core.sessions.clear();
    },
  };
}

/** Says goodbye to the clients whose credentials are not as before. */
function putOut(clients: Iterable<Client>, { removed, changed }: CredentialChange): void {
  for (const client of clients) {
    const { name } = client.rights;
    if (client.session !== undefined && (removed.has(name) || changed.has(name))) client.close(REASON.notAuthorised);
  }
}

interface Reading {
  readonly dispatch: Dispatch;
  readonly turn: ReadTurn;
}

function serve(client: Client, stream: Duplex, reading: Reading): void {
  const gone = () => client.gone();
  stream.on('data', (chunk: Buffer) => receive(client, chunk, reading));
  stream.on('drain', () => {
    if (!client.isOpen) return;
    client.outlet.unblock();
    client.session?.schedule();
  });
  stream.on('end', gone);
  stream.on('error', gone);
  stream.on('close', gone);
}

/** Whoever has waited longest without a CONNECT goes: those who only hold the line keep nobody out. */
function makeWay(unknown: Set<Client>, limit: number): void {
  if (unknown.size < limit) return;
  // Whose password is being checked has said who it is.
  for (const client of unknown) {
    if (client.session !== undefined || !client.isOpen || client.isHeld) unknown.delete(client);
  }
  for (const client of unknown) {
    if (unknown.size < limit) return;
    unknown.delete(client);
    client.turnAway();
  }
}

function turnAway({ counts }: Core, stream: Duplex): void {
  counts.refusedConnections += 1;
  tally(counts.refusals, 'HB190');
  stream.on('error', () => stream.destroy());
  stream.destroy();
}

function receive(client: Client, chunk: Buffer, reading: Reading): void {
  if (!client.isOpen) return; // what still comes while the socket closes
  client.core.counts.bytesIn += chunk.length;
  client.bytesIn += chunk.length;
  client.framer.push(chunk);
  read(client, reading);
}

/** Takes the whole packets that have come. What would take too long waits for the next turn, and the socket with it. */
function read(client: Client, { dispatch, turn }: Reading): void {
  const { core, framer } = client;
  let packets = 0;
  try {
    while (client.isOpen && !client.isHeld && !turn.isOver && framer.next()) {
      packets += 1;
      dispatch(client, framer.bytes, framer.place);
    }
    if (packets > 0) client.hear();
    core.budget.keep();
    if (client.isOpen && !client.isHeld) pause(client, turn);
  } catch (error) {
    onMishap(client, error);
  } finally {
    core.counts.packetsIn += packets;
  }
}

/** The bus has more than it can hand out in this turn, or the sockets have given it enough. */
function pause(client: Client, turn: ReadTurn): void {
  const { bus } = client.core;
  if (bus.isBusy) bus.whenIdle(client.hold());
  else if (turn.isOver) setImmediate(client.hold());
}

function sayGoodbye(client: Client, stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) {
      resolve();
      return;
    }
    stream.once('close', () => resolve());
    if (client.session === undefined) client.gone();
    else client.close(REASON.shuttingDown);
  });
}
