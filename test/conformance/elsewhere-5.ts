import type { Reference } from './table.ts';

const WEB_SOCKET = 'test/broker/listen/web-socket.test.ts';

/** Tests elsewhere that prove statements of MQTT 5. */
export const ELSEWHERE_5: readonly Reference[] = [
  { proves: ['MQTT-6.0.0-1'], file: WEB_SOCKET, name: 'closes at a text frame %s [MQTT-6.0.0-1]' },
  { proves: ['MQTT-6.0.0-2'], file: WEB_SOCKET, name: 'reads packets however they lie in frames [MQTT-6.0.0-2]' },
  { proves: ['MQTT-6.0.0-4'], file: WEB_SOCKET, name: 'of the sub-protocols %j it speaks %s' },
];
