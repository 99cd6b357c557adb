import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { ListenWorld, Stage, Visitor } from './visitor.ts';
import { subProtocolOf, type WsRefusal, type WsRequest, type WsRules, wsRefusal } from './ws-request.ts';
import { openWsStream } from './ws-stream.ts';

/** Head of the HTTP request. */
const HEAD_BYTES = 8_192;
/** Frames before the login: a CONNECT and what a hasty client sends behind it. */
const STRANGER_BYTES = 16_384;
/** What a frame may hold beside one packet of the largest size. */
const FRAME_EXTRA_BYTES = 65_536;

type WsWorld = Pick<ListenWorld, 'budget' | 'packetBytes'>;

/** Does the WebSocket upgrade, then hands the bytes in the frames to `next`. */
export async function makeWsStage(rules: WsRules, world: WsWorld, next: Stage): Promise<Stage> {
  const visitors = new WeakMap<Duplex, Visitor>();
  const upgrade = makeUpgrade(await openWsServer(world.packetBytes), world, next);
  // An import statement would make every lazy name of node:http too: 14 MB, for a node that may have no such door.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer({ maxHeaderSize: HEAD_BYTES }, (request) => {
    const refusal = wsRefusal(requestOf(request), rules) ?? { status: 426, why: 'a plain HTTP request' };
    refuse(request.socket, visitors.get(request.socket), refusal);
  });
  server.on('upgrade', (request, stream, head) => {
    const visitor = visitors.get(stream);
    const refusal = wsRefusal(requestOf(request), rules);
    if (visitor === undefined || refusal !== undefined) {
      refuse(stream, visitor, refusal ?? { status: 400, why: 'unexpected' });
    } else upgrade(request, head, visitor);
  });
  server.on('clientError', (error, stream) =>
    refuse(stream, visitors.get(stream), { status: 400, why: error.message }),
  );
  return (stream, visitor) => {
    visitors.set(stream, visitor);
    server.emit('connection', stream);
  };
}

type Upgrade = (request: IncomingMessage, head: Buffer, visitor: Visitor) => void;

function makeUpgrade(webSockets: WebSocketServer, { budget }: WsWorld, next: Stage): Upgrade {
  return (request, head, visitor) => {
    const carrier = request.socket;
    webSockets.handleUpgrade(request, carrier, head, (ws) => {
      const wsStream = openWsStream(ws, { carrier, budget, strangerBytes: STRANGER_BYTES });
      visitor.onAdmitted = () => wsStream.trust();
      next(wsStream.stream, visitor);
    });
  };
}

/** The package is loaded when the first such door opens. */
async function openWsServer(packetBytes: number): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws');
  return new WebSocketServer({
    noServer: true,
    autoPong: false,
    clientTracking: false,
    maxPayload: packetBytes + FRAME_EXTRA_BYTES,
    perMessageDeflate: false,
    handleProtocols: (_offered, request) => subProtocolOf(requestOf(request)) ?? false,
  });
}

function requestOf({ url = '', headers }: IncomingMessage): WsRequest {
  return { url, headers };
}

function refuse(stream: Duplex, visitor: Visitor | undefined, { status, why }: WsRefusal): void {
  const upgrade = status === 426 ? 'Upgrade: websocket\r\nSec-WebSocket-Protocol: mqtt\r\n' : '';
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  const words = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${upgrade}Connection: close\r\nContent-Length: 0\r\n\r\n`;
  if (visitor === undefined) stream.destroy();
  else visitor.answer(stream, words, why);
}
