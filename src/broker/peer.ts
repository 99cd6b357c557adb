/** How a stream came in. */
export type Transport = 'memory' | 'tcp' | 'tls' | 'unix' | 'ws' | 'wss';

/** Who is at the other end of a stream. */
export interface Peer {
  /** An IP address, or another word for where the stream comes from. */
  readonly address: string;
  readonly port?: number;
  /** Default `memory`: a stream inside this process. */
  readonly transport?: Transport;
  /** The client certificate that TLS has verified. */
  readonly certificate?: PeerCertificate;
  /** To be called when its CONNECT was accepted: until then the gate counts it among the strangers. */
  readonly onAdmitted?: () => void;
}

export interface PeerCertificate {
  /** SHA-256 of the certificate, hex without colons, lower case. */
  readonly fingerprint: string;
  /** Common name of the subject. */
  readonly name: string;
}
