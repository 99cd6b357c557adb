import { expect, it } from 'vitest';
import { CODES, exitOf } from '../../src/schemes/codes.ts';
import { hanbus } from './world.ts';

it('explains every code: title, reason, fix, exit code', async () => {
  for (const { code, title, why, fix, example } of CODES) {
    const { out, code: exit } = await hanbus(['explain', code]);
    expect(exit).toBe(0);
    const flat = out.replace(/\s+/g, ' ');
    for (const part of [code, title, why, fix, example ?? '']) expect(flat).toContain(part.replace(/\s+/g, ' ').trim());
    expect(flat).toContain(`exit code ${exitOf(code)}.`);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(140);
  }
});

it('understands hb204 and 204', async () => {
  const { out } = await hanbus(['explain', 'HB204']);
  expect((await hanbus(['explain', 'hb204'])).out).toBe(out);
  expect((await hanbus(['explain', '204'])).out).toBe(out);
});

it('lists all codes', async () => {
  expect((await hanbus(['explain'])).out.trimEnd().split('\n')).toHaveLength(CODES.length);
});

const beyond = (more: number) => `HB${Number(CODES.at(-1)?.code.slice(2)) + more}`;

it('names no code that is far away', async () => {
  expect((await hanbus(['explain', beyond(500)])).err).toBe(
    `✗ there is no code "${beyond(500)}"   HB155\n  Fix: hanbus explain\n`,
  );
});

it('names the nearest code and exits 66', async () => {
  const { code, out, err } = await hanbus(['explain', beyond(1)]);
  expect({ code, out }).toEqual({ code: 66, out: '' });
  expect(err).toContain(`The nearest is ${CODES.at(-1)?.code}`);
});
