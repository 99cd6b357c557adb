import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { ownCertificate } from '../broker/listen/own-certificate.ts';
import { openTlsKeys, type TlsKeys } from '../broker/listen/tls-keys.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { TlsText } from '../schemes/scheme.ts';

export interface TlsWorld {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the node keeps what it remembers. */
  readonly dataFolder: string;
  readonly hostName: string;
}

/**
 * The certificate of the scheme, or the node's own, made when it is first needed. Throws HanbusError HB191 (the files
 * are no good) or HB122 (nothing can be kept).
 */
export async function openKeys({ cert, key, ca }: TlsText, world: TlsWorld): Promise<TlsKeys> {
  const { clock, log, dataFolder, hostName } = world;
  const own =
    cert === undefined || key === undefined
      ? await ownCertificate({
          folder: join(dataFolder, 'tls'),
          host: hostName,
          addresses: ownAddresses(),
          now: clock.now(),
        })
      : { cert, key };
  return await openTlsKeys({ paths: { ...own, ...(ca === undefined ? {} : { ca }) }, clock, log });
}

/** Those by which other machines reach this one. A link-local IPv6 address says nothing without its interface. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ address, internal, scopeid = 0 }) => (internal || scopeid !== 0 ? [] : [address]));
}
