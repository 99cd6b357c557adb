import { type Duplex, duplexPair } from 'node:stream';

/**
 * Two ends of an in-memory connection: what one writes, the other reads. No port, no socket. As with a socket, an end
 * that has read everything ends too, and when one is destroyed, so is the other.
 */
export function makeDuplexPair(): { near: Duplex; far: Duplex } {
  const [near, far] = duplexPair();
  near.once('end', () => near.end());
  far.once('end', () => far.end());
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  return { near, far };
}
