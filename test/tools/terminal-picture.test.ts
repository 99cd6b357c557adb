import { expect, it } from 'vitest';
import { pictureOf, spansOf } from '../../tools/terminal-picture.ts';

it('keeps the text, escapes it, and turns colours into spans', () => {
  expect(spansOf('a <b> \u001b[32mgreen\u001b[0m plain')).toBe(
    '<tspan>a &lt;b&gt; </tspan><tspan fill="#5bd27f">green</tspan><tspan> plain</tspan>',
  );
});

it('has a row for the command and for each line', () => {
  const svg = pictureOf('hanbus ls', 'one\ntwo\n');
  expect(svg.match(/<text /g)).toHaveLength(3);
  expect(svg).toContain('<title>hanbus ls</title>');
});
