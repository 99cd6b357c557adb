import { constants, type X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { systemCode } from '../../kit/errors.ts';
import type { PeerCertificate } from '../peer.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { KeyTexts } from './key-files.ts';
import type { TlsKeys } from './tls-keys.ts';
import type { Stage, Visitor } from './visitor.ts';

/** What TLS asks of clients: no certificate, one if they have it, or one in any case. */
export type ClientCertificates = 'off' | 'ask' | 'require';

export interface TlsOptions {
  readonly keys: TlsKeys;
  readonly clients: ClientCertificates;
}

export interface TlsStage {
  receive(socket: Socket, visitor: Visitor): void;
  close(): void;
}

/** Forward secrecy and authenticated encryption only (RFC 9325, section 4.2). */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':');

/** Does the handshake, then hands the plain stream to `next`. New files of `keys` count for the handshakes after them. */
export function makeTlsStage({ keys, clients }: TlsOptions, next: Stage): TlsStage {
  const visitors = new Map<string, Visitor>();
  const take = (socket: Socket): Visitor | undefined => {
    const visitor = visitors.get(placeOf(socket));
    visitors.delete(placeOf(socket));
    return visitor;
  };
  const asking = { requestCert: clients !== 'off', rejectUnauthorized: clients === 'require' };
  const { createServer } = process.getBuiltinModule('node:tls'); // loaded when the first such door opens
  const server = createServer({ ...contextOf(keys.current), ...asking });
  server.on('secureConnection', (socket) => {
    const visitor = take(socket);
    if (visitor === undefined) return void socket.destroy();
    if (clients !== 'off') visitor.certificate = certificateOf(socket);
    next(socket, visitor);
  });
  server.on('tlsClientError', (error, socket) => {
    take(socket)?.refuse('handshake', systemCode(error) ?? error.message);
    socket.destroy();
  });

  return {
    receive(socket, visitor) {
      const place = placeOf(socket);
      visitors.set(place, visitor);
      socket.once('close', () => {
        if (visitors.get(place) === visitor) visitors.delete(place);
      });
      server.emit('connection', socket);
    },
    close: keys.onChange(() => server.setSecureContext(contextOf(keys.current))),
  };
}

function contextOf({ cert, key, ca }: KeyTexts): SecureContextOptions {
  return {
    cert,
    key,
    ...(ca === undefined ? {} : { ca }),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  };
}

/** TLS wraps a socket into another; both have the same two ends, and no two open ones have. */
function placeOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}

/** Of a certificate that was verified; one that was not counts as none. */
function certificateOf(socket: TLSSocket): PeerCertificate | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  return certificate === undefined
    ? undefined
    : { fingerprint: fingerprintOf(certificate), name: commonNameOf(certificate) };
}

/** Empty when the subject has none, or several: then only the fingerprint says who it is. */
function commonNameOf({ subject }: X509Certificate): string {
  const names = subject.split('\n').flatMap((line) => (line.startsWith('CN=') ? [line.slice(3)] : []));
  return names.length === 1 ? (names[0] ?? '') : '';
}
