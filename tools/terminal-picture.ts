// `hanbus ls | node tools/terminal-picture.ts "hanbus ls" > docs/images/ls.svg`: what a terminal showed, as a picture
// for the README. Run hanbus with FORCE_COLOR=1 so that its colours are in the text.
import { text as readAll } from 'node:stream/consumers';

const CELL = { width: 8.4, height: 19 };
const MARGIN = 16;
const BAR = 32;
const COLOURS: Readonly<Record<string, string>> = {
  '31': '#ff8a80',
  '32': '#5bd27f',
  '33': '#f0b84a',
  '34': '#7fb8ff',
  '35': '#e39bdb',
  '36': '#4fd1a1',
  '90': '#a3b4ac',
};

const ESCAPE = '\u001b';
const COLOUR_CODES = new RegExp(`${ESCAPE}\\[([\\d;]*)m`, 'g');

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One line of a terminal, its colours (SGR codes) as SVG text spans. */
export function spansOf(line: string): string {
  let style = '';
  let svg = '';
  // The odd parts are what the group of the pattern caught: the codes.
  for (const [index, part] of line.split(COLOUR_CODES).entries()) {
    if (index % 2 === 1) style = styleOf(part.split(';'), style);
    else if (part !== '') svg += `<tspan${style}>${escaped(part)}</tspan>`;
  }
  return svg;
}

function styleOf(codes: readonly string[], before: string): string {
  let style = before;
  for (const code of codes) {
    if (['', '0', '39', '22'].includes(code)) style = '';
    else if (code === '1') style += ' font-weight="bold"';
    else if (code === '2') style += ' opacity="0.65"';
    else if (COLOURS[code] !== undefined) style += ` fill="${COLOURS[code]}"`;
  }
  return style;
}

/** The whole picture: a dark window with the command as its first line. */
export function pictureOf(command: string, output: string): string {
  const lines = [`\u001b[90m$\u001b[0m ${command}`, ...output.trimEnd().split('\n')];
  const widest = Math.max(80, ...lines.map((line) => line.replace(COLOUR_CODES, '').length));
  const width = Math.ceil(widest * CELL.width) + 2 * MARGIN;
  const height = BAR + lines.length * CELL.height + MARGIN;
  const rows = lines.map((line, row) => {
    const y = BAR + (row + 0.8) * CELL.height;
    return `<text x="${MARGIN}" y="${y.toFixed(1)}" xml:space="preserve">${spansOf(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(command)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0f1613"/>`,
    ...['#ff8a80', '#f0b84a', '#5bd27f'].map(
      (fill, at) => `<circle cx="${MARGIN + 6 + at * 18}" cy="18" r="5" fill="${fill}"/>`,
    ),
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="#e6eeea">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

if (import.meta.main) process.stdout.write(pictureOf(process.argv[2] ?? 'hanbus', await readAll(process.stdin)));
