import type { Client } from './client.ts';
import { ProtocolError, REASON } from './reason.ts';

/** Something went wrong while a client was served: its own fault, or ours. Either way its connection ends, and nothing else. */
export function onMishap(client: Client, error: unknown): void {
  if (error instanceof ProtocolError) {
    client.fail(error);
    return;
  }
  client.core.log.error('the broker failed on a packet', { code: 'HB186', error, client: client.session?.clientId });
  client.close(REASON.unspecified);
}
