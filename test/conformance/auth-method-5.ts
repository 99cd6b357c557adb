import type { Access, AuthStep, Rights } from '../../src/broker/access.ts';
import { connectPacket } from './connect-packet.ts';

export const METHOD = 'COUNT';
export const data = (words: string) => Buffer.from(words);
const rights: Rights = { name: 'tester', role: 'operator', write: () => undefined, read: () => undefined };

/** The method COUNT: asks `one?` and `two?`, wants `1` and `2`, and says `well done`. Takes some turns for the second. */
export const access: Access = {
  admit: () => ({ rights }),
  begin(method) {
    if (method !== METHOD) return undefined;
    const wanted = ['0', '1', '2'];
    return {
      next(answer): AuthStep | Promise<AuthStep> {
        const right = wanted.shift();
        if (answer === undefined || Buffer.from(answer).toString() !== right) {
          return { reason: 0x87, code: 'HB194', why: 'a wrong answer' };
        }
        if (right === '0') return { more: data('one?') };
        if (right === '1') return new Promise((resolve) => setImmediate(() => resolve({ more: data('two?') })));
        return { rights, data: data('well done') };
      },
    };
  },
};

export const auth = (answer: string, reasonCode = 0x18, method = METHOD) => ({
  ...{
    cmd: 'auth' as const,
    reasonCode,
    properties: { authenticationMethod: method, authenticationData: data(answer) },
  },
});

export const hello = () =>
  connectPacket(5, { properties: { authenticationMethod: METHOD, authenticationData: data('0') } });

export const question = (words: string) => ({
  ...{ reasonCode: 0x18, properties: { authenticationMethod: METHOD, authenticationData: data(words) } },
});
