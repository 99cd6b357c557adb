import { expect, it } from 'vitest';
import type { Dial } from '../../src/cli/world.ts';
import { hanbus } from './world.ts';

async function* lines(text: string): AsyncGenerator<string> {
  yield text;
}

const failing = (code: string) => async () => {
  throw Object.assign(new Error(code), { code });
};

/** A node that lives and answers each request with this text. */
const saying =
  (text: string) =>
  async (_dial: Dial, _socket: string, { method }: Parameters<Dial>[1]) => ({
    status: method === 'GET' ? 204 : 200,
    lines: lines(method === 'GET' ? '' : text),
  });

it.each([
  ['nobody is there', failing('ENOENT'), 69, 'HB153'],
  ['the file is left over', failing('ECONNREFUSED'), 69, 'HB153'],
  ['the user may not open it', failing('EACCES'), 77, 'HB157'],
  ['the answer is not JSON', saying('<html>'), 69, 'HB162'],
  ['the answer is of another version', saying('{"ok":true,"result":{"hanbus":"list/9"}}'), 69, 'HB162'],
  ['the error has no code', saying('{"ok":false,"error":{}}'), 69, 'HB162'],
  [
    'the node has no such name',
    saying('{"ok":false,"error":{"code":"HB152","message":"no","fix":"hanbus ls"}}'),
    66,
    'HB152',
  ],
])('says so when %s', async (_case, dial, exit, code) => {
  const ran = await hanbus(['ls'], { dial });
  expect(ran).toMatchObject({ code: exit, out: '' });
  expect(ran.err).toContain(code);
  expect(ran.err).toContain('Fix:');
});

it('gives up on a node that hangs', async () => {
  const dial = async (_dial: Dial, _socket: string, { method, signal }: Parameters<Dial>[1]) => {
    if (method === 'GET') return { status: 204, lines: lines('') };
    return await new Promise<never>((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
  };
  const ran = await hanbus(['ls', '--timeout', '10ms'], { dial });
  expect(ran).toMatchObject({ code: 75, out: '' });
  expect(ran.err).toContain('HB154');
});

it('looks into the folder of the service after its own, and last for a demo', async () => {
  const asked: string[] = [];
  const dial = async (_dial: Dial, socket: string) => {
    asked.push(socket);
    throw Object.assign(new Error('nobody'), { code: 'ENOENT' });
  };
  await hanbus(['ls'], { dial, env: { HANBUS_RUNTIME: '', XDG_RUNTIME_DIR: '/run/user/1000' } });
  const own = '/run/user/1000/hanbus';
  expect(asked).toEqual([`${own}/api.sock`, '/run/hanbus/api.sock', `${own}/demo/api.sock`]);
});
